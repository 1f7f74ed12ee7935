// CLAT's efficiencies and choices against numbers worked out apart from this code.

#include <gtest/gtest.h>

#include <cmath>

#include "sim/core/random.h"
#include "tests/support/golden.h"
#include "training/methods/clat_cost.h"
#include "training/methods/probabilities.h"

namespace telegrad::training {
namespace {

using testing_support::doubles;
using testing_support::golden;

/// 1, -1/2, 1/3, ... -1/64.
std::vector<double> harmonic() {
  std::vector<double> g;
  for (int j = 1; j <= 64; ++j) g.push_back((j % 2 == 1 ? 1.0 : -1.0) / j);
  return g;
}

std::int64_t best(const std::vector<double>& g, ClatMode mode, const CommunicationCost& cost,
                  double value_bits, double index_bits) {
  const MessageBits message = mode == ClatMode::sign ? MessageBits{value_bits, index_bits + 1}
                                                     : MessageBits{0, index_bits + value_bits};
  return static_cast<std::int64_t>(tune(ClatEfficiency(g), mode, cost, message).entries);
}

TEST(GoldenClat, HasTheEfficienciesOfAVector) {
  const std::pair<const char*, ClatMode> parts[] = {
      {"g1.alpha", ClatMode::sparsify}, {"g1.beta", ClatMode::sign}, {"g1.omega", ClatMode::stochastic}};
  for (const auto& [name, mode] : parts) {
    const Value& entry = golden(name);
    const ClatEfficiency vector(doubles(entry["input"]["x"]));
    const auto entries = doubles(entry["input"]["T"]);
    const auto expected = doubles(entry["expected"]);
    for (std::size_t i = 0; i < entries.size(); ++i) {
      EXPECT_NEAR(vector.of(mode, entries[i]), expected[i], 1e-12) << name << " " << entries[i];
    }
  }
}

TEST(GoldenClat, HasTheEfficienciesOfTheHarmonicVector) {
  const Value& expected = golden("g2.norm_alpha_beta")["expected"];
  const ClatEfficiency vector(harmonic());
  EXPECT_NEAR(vector.squared_norm(), expected["l2_squared"].number(), 1e-12);
  for (const char* entries : {"1", "4", "16", "64"}) {
    const auto count = static_cast<std::size_t>(std::stoi(entries));
    EXPECT_NEAR(vector.sparsify(count), expected["alpha"][entries].number(), 1e-12);
    EXPECT_NEAR(vector.sign(count), expected["beta"][entries].number(), 1e-12);
  }
}

TEST(GoldenClat, SendsMoreWhereAMessageCostsMore) {
  const Value& entry = golden("g2.tstar.affine");
  const auto& fixed = entry["input"]["c0_bits"].items();
  for (std::size_t i = 0; i < fixed.size(); ++i) {
    const auto cost = CommunicationCost::affine(1, fixed[i].number());
    EXPECT_EQ(best(harmonic(), ClatMode::sparsify, cost, 32, 6), entry["expected"]["S"].items()[i].integer());
    EXPECT_EQ(best(harmonic(), ClatMode::sign, cost, 32, 6), entry["expected"]["SQ"].items()[i].integer());
  }
  EXPECT_EQ(best(harmonic(), ClatMode::sparsify, CommunicationCost::payload(), 32, 6), 1);
}

TEST(GoldenClat, FillsPackets) {
  for (const char* name : {"4608_512_4096", "1016_0_816", "12144_0_11680", "1_0_152", "1_10_152"}) {
    const Value& entry = golden(std::string("g2.tstar.packet.") + name);
    const Value& input = entry["input"];
    const Value& expected = entry["expected"];
    const double packet = input["pmax_bits"].number();
    const auto bits = CommunicationCost::packet_bits(input["c1"].number(), input["c0"].number(), packet);
    const auto whole = CommunicationCost::packet_entries(input["c1"].number(), input["c0"].number(), packet);
    EXPECT_EQ(CommunicationCost::entries_per_packet(packet, {0, 38}), expected["tau_max"].number()) << name;
    EXPECT_EQ(best(harmonic(), ClatMode::sparsify, bits, 32, 6), expected["S_bit_packets"].integer()) << name;
    EXPECT_EQ(best(harmonic(), ClatMode::sparsify, whole, 32, 6), expected["S_whole_entries"].integer())
        << name;
    EXPECT_EQ(best(harmonic(), ClatMode::sign, bits, 32, 6), expected["SQ_bit_packets"].integer()) << name;
  }
}

TEST(GoldenClat, EntriesThatStraddlePacketsAreCountedInBits) {
  const Value& entry = golden("tstar.packet.not_multiple_of_tau");
  const auto x = doubles(entry["input"]["x"]);
  EXPECT_EQ(best(x, ClatMode::sparsify, CommunicationCost::packet_bits(1, 0, 88), 32, 3),
            entry["expected"]["S_bit_packets"].integer());
  EXPECT_EQ(best(x, ClatMode::sparsify, CommunicationCost::packet_entries(1, 0, 88), 32, 3),
            entry["expected"]["S_whole_entries"].integer());
}

TEST(GoldenClat, StepsWithSigns) {
  const Value& entry = golden("clat.sq_step");
  const ClatEfficiency vector(doubles(entry["input"]["g"]));
  const Value& expected = entry["expected"];
  EXPECT_NEAR(vector.sign(2), expected["beta"].number(), 1e-12);
  EXPECT_NEAR(vector.sign_step(2, 2.0), expected["gamma"].number(), 1e-12);
  EXPECT_NEAR(vector.sign_scale(2), expected["folded_scale"].number(), 1e-12);
  // Either way the largest entries move by the same: gamma ||g|| = scale / L.
  EXPECT_NEAR(vector.sign_step(2, 2.0) * std::sqrt(vector.squared_norm()), 1.75, 1e-12);
  EXPECT_NEAR(vector.sign_scale(2) / 2.0, -doubles(expected["update"])[0], 1e-12);
  EXPECT_NEAR(vector.sign(2) * vector.squared_norm() / (2 * 2.0), expected["guaranteed_decrease"].number(),
              1e-12);
}

/// A12: what the theory says of the efficiencies, on random vectors of several shapes.
TEST(Clat, TheEfficienciesHaveTheirProperties) {
  Stream stream(StreamKey{.seed = 1, .purpose = Purpose::method});
  for (int trial = 0; trial < 50; ++trial) {
    std::vector<double> g(1 + stream.below(60));
    const double power = 1 + 4 * stream.uniform();
    for (double& value : g)
      value = std::copysign(std::pow(std::fabs(stream.normal()), power), stream.normal());
    const ClatEfficiency vector(g);
    const auto d = static_cast<double>(g.size());
    double sum = 0;
    double highest = 0;
    double most_sign = 0;
    for (double value : g) {
      sum += std::fabs(value);
      highest = std::max(highest, std::fabs(value));
    }
    for (std::size_t t = 1; t <= g.size(); ++t) {
      const auto count = static_cast<double>(t);
      EXPECT_GE(vector.sparsify(t) * (1 + 1e-12), count / d);
      EXPECT_GE(vector.sparsify(t), vector.sparsify(t - 1));
      EXPECT_GE(vector.stochastic(count) * (1 + 1e-12), vector.stochastic(count - 1));
      EXPECT_GE(vector.sign(t) * (1 + 1e-12), vector.sparsify(t) / count);
      if (t > 1) {
        const double gain = vector.sparsify(t) - vector.sparsify(t - 1);
        EXPECT_LE(gain, vector.sparsify(t - 1) - vector.sparsify(t - 2) + 1e-12);
      }
      if (count <= sum / highest) {
        EXPECT_NEAR(vector.stochastic(count), count * vector.squared_norm() / (sum * sum), 1e-12);
      }
      most_sign = std::max(most_sign, vector.sign(t));
    }
    EXPECT_DOUBLE_EQ(vector.sparsify(g.size()), 1);
    EXPECT_DOUBLE_EQ(vector.stochastic(d), 1);
    EXPECT_GE(most_sign * (1 + 1e-12), 1 / std::ceil(std::sqrt(d)));
  }
}

TEST(Clat, TheStochasticEfficiencyIsThatOfWaterFilling) {
  Stream stream(StreamKey{.seed = 2, .purpose = Purpose::method});
  for (int trial = 0; trial < 100; ++trial) {
    std::vector<double> g(30);
    for (double& value : g) value = std::pow(stream.normal(), 3);
    const double budget = 0.1 + 29 * stream.uniform();
    const auto p = water_filling(g, budget);
    double squares = 0, moment = 0, variance = 0;
    for (std::size_t i = 0; i < g.size(); ++i) {
      squares += g[i] * g[i];
      moment += g[i] * g[i] / p[i];
      variance += p[i] * (1 - p[i]);
    }
    EXPECT_NEAR(ClatEfficiency(g).stochastic(budget), squares / moment, 1e-12);
    EXPECT_NEAR(ClatEfficiency(g).drawn_variance(budget), variance, 1e-9);
  }
}

/// The distribution of how many entries are drawn, one probability after the other.
TEST(Clat, TheMeanCostOfARandomNumberOfPacketsIsClose) {
  const auto g = harmonic();
  const MessageBits message{0, 38};
  for (double packet : {100.0, 152.0, 500.0, 4096.0}) {
    for (double budget : {2.0, 8.0, 20.0, 40.0}) {
      std::vector<double> chance{1.0};
      for (double p : water_filling(g, budget)) {
        chance.push_back(0);
        for (std::size_t n = chance.size() - 1; n > 0; --n) chance[n] += p * (chance[n - 1] - chance[n]);
        chance[0] *= 1 - p;
      }
      for (const auto& cost :
           {CommunicationCost::packet_bits(3, 1, packet), CommunicationCost::packet_entries(3, 1, packet)}) {
        double exact = 0;
        for (std::size_t n = 0; n < chance.size(); ++n)
          exact += chance[n] * cost.of(static_cast<double>(n), message);
        const double variance = ClatEfficiency(g).drawn_variance(budget);
        EXPECT_NEAR(cost.expected(budget, variance, message) / exact, 1, 0.025) << packet << " " << budget;
      }
    }
  }
}

TEST(Clat, AMeasuredCostMayBeAnyFunctionOfTheBytes) {
  // 10 entries of 40 bits are 50 bytes, and more than 50 bytes are out of all proportion.
  const auto cost = CommunicationCost::measured([](double bytes) { return bytes <= 50 ? 1.0 : 1000.0; });
  const ClatChoice chosen = tune(ClatEfficiency(harmonic()), ClatMode::sparsify, cost, {0, 40});
  EXPECT_EQ(chosen.entries, 10U);
  EXPECT_EQ(chosen.cost, 1.0);
  EXPECT_EQ(tune(ClatEfficiency(std::vector<double>(5)), ClatMode::sign, cost, {32, 7}).entries, 0U);
}

}  // namespace
}  // namespace telegrad::training
