// Golden numbers of Learned Gradient Compression: layers, lengths, sizes, stages, losses.

#include <ATen/ops/from_blob.h>
#include <gtest/gtest.h>

#include "tests/support/golden.h"
#include "tests/training/averaging.h"
#include "training/methods/lgc.h"

namespace telegrad::training {
namespace {

using testing_support::collective;
using testing_support::doubles;
using testing_support::floats;
using testing_support::golden;
using testing_support::indices;

/// Weights and bias of each layer.
std::vector<std::uint32_t> counts(const Layout& layout) {
  std::vector<std::uint32_t> result;
  for (std::size_t i = 0; i < layout.tensors().size(); i += 2) {
    result.push_back(static_cast<std::uint32_t>(layout.tensors()[i].size + layout.tensors()[i + 1].size));
  }
  return result;
}

TEST(GoldenLgc, HasThePaperSLayers) {
  const Value& want = golden("lgc.parameter_counts")["expected"];
  const Autoencoder star(1000, true), ring(1000, false);
  EXPECT_EQ(counts(star.encoder()), indices(want["encoder_layers"]));
  EXPECT_EQ(counts(star.decoder()), indices(want["decoder_layers_ps"]));
  EXPECT_EQ(star.encoder().size(), want["encoder"].integer());
  EXPECT_EQ(star.decoder().size(), want["decoder_ps"].integer());
  EXPECT_EQ(ring.decoder().size(), want["decoder_rar"].integer());
}

TEST(GoldenLgc, CostsWhatItsLayersCost) {
  const Value& want = golden("lgc.macs_per_value")["expected"];
  const std::uint32_t values = 1 << 24;  // lengths are halved with remainders
  const Autoencoder star(values, true);
  EXPECT_NEAR(star.encoding_flops() / 2 / values, want["encoder"].number(), 0.05);
  EXPECT_NEAR(star.decoding_flops() / 2 / values, want["decoder_ps"].number(), 0.05);
}

TEST(GoldenLgc, HasCodesOfTheRightLength) {
  const Value& entry = golden("lgc.lengths");
  const auto lengths = indices(entry["input"]["mu"]);
  for (std::size_t i = 0; i < lengths.size(); ++i) {
    const auto l = static_cast<std::uint32_t>(entry["expected"]["latent_nopad"].items()[i].integer());
    EXPECT_EQ(latent_positions(lengths[i]), l);
    EXPECT_EQ(16 * l + 15, entry["expected"]["decoded_nopad"].items()[i].integer());
  }
  EXPECT_EQ(latent_positions(30), golden("lgc.min_mu")["expected"]["latent_at_30"].integer());
  EXPECT_EQ(latent_positions(31), golden("lgc.min_mu")["expected"]["latent_at_31"].integer());
  EXPECT_EQ(Autoencoder(1000, true).latents(), 244u);
  EXPECT_EQ(Autoencoder(31, true).padded(), 64u);  // shorter ones are filled up
}

/// One code position is lost: exactly the values of its field are, here without the resize.
TEST(GoldenLgc, KnowsWhatDependsOnAPosition) {
  const Value& entry = golden("lgc.receptive_field_nopad");
  const Autoencoder layers(991, false);  // 991 = 16 * 61 + 15 - ... as many as 61 positions decode to
  ASSERT_EQ(layers.positions() * 16 + 15, 991u);
  for (std::size_t i = 0; i < entry["input"]["latent_position"].items().size(); ++i) {
    std::vector<bool> alive(layers.positions(), true);
    alive[static_cast<std::size_t>(entry["input"]["latent_position"].items()[i].integer())] = false;
    const auto first = static_cast<std::uint32_t>(entry["expected"]["first"].items()[i].integer());
    const auto last = static_cast<std::uint32_t>(entry["expected"]["last"].items()[i].integer());
    for (std::uint32_t at = 0; at < layers.values(); ++at) {
      EXPECT_EQ(layers.depends(at, alive), at >= first && at <= last) << at;
    }
  }
}

TEST(GoldenLgc, SendsTheBitsOfTheFormula) {
  const Value& entry = golden("lgc.information_bits.small");
  Layout layout;
  layout.add("x", {1000000}, 0);
  const auto n = static_cast<std::uint32_t>(entry["input"]["K"].integer());
  const char* star = R"({"type": "lgc_ps", "ratio": 0.001, "innovation_ratio": 0.00001, "whole_first": 0,
                         "whole_last": 0, "order": "index"})";
  const Value& want = entry["expected"];
  const MessageSizes sizes = collective(star, layout, n)->sizes();
  const auto leader = want["ps_leader_up"].integer(), other = want["ps_other_up"].integer();
  EXPECT_EQ(sizes.up_information_bits, static_cast<std::uint64_t>((leader + (n - 1) * other) / n));
  EXPECT_EQ(sizes.down_information_bits, static_cast<std::uint64_t>(want["ps_down"].integer()));

  const char* ring =
      R"({"type": "lgc_ring", "ratio": 0.001, "whole_first": 0, "whole_last": 0, "order": "index"})";
  const MessageSizes passed = collective(ring, layout, n)->sizes();
  const double vectors = want["rar_latent_per_node"].number() * n / (2 * (n - 1));  // 2 (n - 1) / n of them
  const double shared = want["rar_index_share"].number() + want["rar_scale_share"].number();
  EXPECT_EQ(static_cast<double>(passed.up_information_bits), vectors + shared / n);
}

TEST(GoldenLgc, ChangesItsStages) {
  const Value& entry = golden("lgc.phases");
  Layout layout;
  layout.add("x", {100}, 0);
  auto method = collective(R"({"type": "lgc_ps"})", layout, 2);
  const auto& lgc = dynamic_cast<const Lgc&>(*method);
  const auto iterations = indices(entry["input"]["iterations"]);
  const auto stages = indices(entry["expected"]["phase"]);
  for (std::size_t i = 0; i < iterations.size(); ++i) {
    EXPECT_EQ(static_cast<std::uint32_t>(lgc.stage({.round = iterations[i] + 1})) + 1, stages[i]);
  }
}

TEST(GoldenLgc, DrawsCodesTogether) {
  const Value& entry = golden("lgc.similarity_loss");
  std::vector<float> rows;
  for (const Value& row : entry["input"]["latents"].items()) {
    for (float value : floats(row)) rows.push_back(value);
  }
  const at::Tensor latents = at::from_blob(rows.data(), {3, 2}, at::kFloat);
  EXPECT_NEAR(similarity_loss(latents).item<double>(), entry["expected"]["L_sim"].number(), 1e-6);
  const at::Tensor equal = at::from_blob(rows.data(), {2, 2}, at::kFloat);  // the first two rows
  EXPECT_EQ(similarity_loss(equal).item<double>(), 0);
}

TEST(GoldenLgc, NormalisesByTheRootMeanSquare) {
  const Value& entry = golden("lgc.normalisation");
  EXPECT_NEAR(normalising(floats(entry["input"]["gtilde"])) / entry["expected"]["scale_s"].number(), 1, 1e-6);
  EXPECT_EQ(normalising(std::vector<float>{0, 0}), 1.0F);
}

}  // namespace
}  // namespace telegrad::training
