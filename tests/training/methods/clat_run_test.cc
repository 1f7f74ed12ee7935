// The whole chain in float32, model, gradient, method and codec, on the reproducible benchmark.

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "tests/support/golden.h"
#include "tests/support/trainings.h"
#include "training/datasets/clat_benchmark.h"
#include "training/learning/gradient.h"
#include "training/span.h"

namespace telegrad::training {
namespace {

using testing_support::described;

/// The objective in double precision: float32 cannot tell 1e-6 from it well.
double objective(std::span<const float> x) {
  static const ClatData data = clat_data();
  double sum = 0;
  for (std::size_t i = 0; i < data.rows.size(); ++i) {
    const double product = std::inner_product(x.begin(), x.end(), data.rows[i].begin(), 0.0);
    sum += std::log1p(std::exp(-data.labels[i] * product));
  }
  return sum / 200 + 0.005 / 2 * std::inner_product(x.begin(), x.end(), x.begin(), 0.0);
}

struct Case {
  const char* mode;
  double iterations, bits;  // of a double precision run that counts 32 bits a value
};

/// Until F - F* <= 1e-6 with the step 1 / L and the cost P + 512 bits.
TEST(ClatRun, TakesTheIterationsAndBitsOfDoublePrecision) {
  const Dataset dataset = datasets().make(described("datasets", R"({"type": "clat_benchmark"})"), 1);
  const auto model = models().make(
      described("models", R"({"type": "logistic", "binary": true, "bias": false, "l2": 0.005})"), dataset);
  std::vector<std::uint32_t> all(ClatData::kRows);
  std::iota(all.begin(), all.end(), 0U);
  const Value& constants = testing_support::golden("clat.constants")["expected"];
  for (const Case& expected : {Case{"sign", 95, 17376}, Case{"sparsify", 83, 87210}}) {
    auto method = testing_support::compressor(R"({"type": "clat", "mode": ")" + std::string(expected.mode) +
                                                  R"(", "cost": {"model": "affine", "c0": 512}})",
                                              model->layout());
    at::Tensor x = at::zeros({50});
    double iterations = 0;
    double bits = 0;
    while (objective(span_of(x)) > constants["fstar"].number() + 1e-6 && iterations < 200) {
      const Gradient g = gradient(*model, x, *dataset.train, all, dataset.shape);
      const auto round = static_cast<std::uint64_t>(++iterations);
      const Payload payload = method->encode(span_of(g.values), Step{.round = round}, Cut{});
      bits += static_cast<double>(payload.information_bits());
      at::Tensor sent = at::zeros({50});
      method->add(payload, 1.0F, mutable_span_of(sent));
      x = x - sent * (1 / constants["L"].number());
    }
    EXPECT_NEAR(iterations, expected.iterations, 2) << expected.mode;
    EXPECT_NEAR(bits / expected.bits, 1, 0.03) << expected.mode;
  }
}

}  // namespace
}  // namespace telegrad::training
