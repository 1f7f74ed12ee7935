// Direction codes: which direction is chosen, what it costs, and how near it is to the gradient.

#include <gtest/gtest.h>

#include <cmath>

#include "tests/support/golden.h"
#include "tests/support/trainings.h"

namespace telegrad::training {
namespace {

using testing_support::compressor;
using testing_support::floats;
using testing_support::golden;

const char* const kSets[] = {"sign", "axes", "simplex"};

struct Coded {
  std::vector<float> direction;
  std::uint64_t bits = 0;
};

Coded coded(const std::string& set, const std::vector<float>& gradient) {
  Layout layout;
  layout.add("x", {static_cast<std::int64_t>(gradient.size())}, 0);
  auto method = compressor(R"({"type": "direction", "set": ")" + set + "\"}", layout);
  Payload payload = method->encode(gradient, Step{.round = 1}, Cut{});
  Coded result{std::vector<float>(gradient.size()), payload.information_bits()};
  method->add(payload, 1, result.direction);
  return result;
}

double product(const std::vector<float>& a, const std::vector<float>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += static_cast<double>(a[i]) * b[i];
  return sum;
}

double cosine(const std::vector<float>& a, const std::vector<float>& b) {
  return product(a, b) / std::sqrt(product(a, a) * product(b, b));
}

TEST(GoldenDirection, IsTheNearestOfItsSet) {
  const Value& entry = golden("limited.directions");
  const auto g = floats(entry["input"]["g"]);
  const Coded sign = coded("sign", g);
  EXPECT_NEAR(cosine(sign.direction, g), entry["expected"]["sign_set"]["cos"].number(), 1e-6);
  EXPECT_EQ(sign.bits, entry["expected"]["sign_set"]["bits"].integer());
  const Coded axes = coded("axes", g);
  EXPECT_NEAR(cosine(axes.direction, g), entry["expected"]["axis_set"]["cos"].number(), 1e-6);
  EXPECT_EQ(axes.direction, (std::vector<float>{0, 1, 0})) << "the lower index of equal ones";
  EXPECT_EQ(axes.bits, std::ceil(entry["expected"]["axis_set"]["bits"].number()));
  EXPECT_EQ(coded("simplex", g).bits, entry["expected"]["simplex_bits"].integer());
}

/// Words of all sets have length 1, and those of a simplex the same angle to one another.
TEST(Direction, IsAUnitVector) {
  for (const char* set : kSets) {
    for (std::size_t d : {1U, 2U, 3U, 7U, 100U}) {
      for (std::size_t i = 0; i < d; ++i) {
        std::vector<float> g(d, 0.25F);
        g[i] = i % 2 == 0 ? 5.0F : -5.0F;
        const auto direction = coded(set, g).direction;
        EXPECT_NEAR(product(direction, direction), 1, 1e-5) << set << " " << d;
      }
    }
  }
}

TEST(Direction, CornersOfASimplexAreEquallyFarFromOneAnother) {
  constexpr std::size_t kSize = 5;
  std::vector<std::vector<float>> corners{coded("simplex", std::vector<float>(kSize, 1.0F)).direction};
  for (std::size_t i = 0; i < kSize; ++i) {
    std::vector<float> g(kSize, -1.0F);
    g[i] = 1;
    corners.push_back(coded("simplex", g).direction);
  }
  for (std::size_t i = 0; i < corners.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j)
      EXPECT_NEAR(product(corners[i], corners[j]), -1.0 / kSize, 1e-6) << i << j;
  }
}

/// A15: the least cosine is 1 / sqrt d, 1 / sqrt d, 1 / d, and some gradient comes near it.
TEST(Direction, NeverTurnsFartherFromTheGradientThanTheTheorySays) {
  constexpr std::size_t kSize = 3;
  const Value& worst = golden("limited.directions")["expected"]["worst_cos"];
  const double bounds[] = {worst["sign"].number(), worst["axis"].number(), worst["simplex"].number()};
  for (std::size_t s = 0; s < 3; ++s) {
    double least = 1;
    Stream stream(StreamKey{.seed = 5, .purpose = Purpose::method});
    for (int draw = 0; draw < 4000; ++draw) {
      std::vector<float> g(kSize);
      for (float& value : g) value = static_cast<float>(stream.normal());
      least = std::min(least, cosine(coded(kSets[s], g).direction, g));
    }
    EXPECT_GE(least, bounds[s] - 1e-5) << kSets[s];
    EXPECT_LE(least, bounds[s] + 0.06) << kSets[s];
  }
}

TEST(Direction, OfNoGradientIsNoDirection) {
  for (const char* set : {"axes", "simplex"}) {
    EXPECT_EQ(coded(set, std::vector<float>(4, 0.0F)).direction, std::vector<float>(4, 0.0F)) << set;
  }
}

}  // namespace
}  // namespace telegrad::training
