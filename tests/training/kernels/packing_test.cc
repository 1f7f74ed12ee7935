// Each kernel against its reference, bit by bit, as compiled for wide and for any registers.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "tests/training/kernels/vectors.h"
#include "training/kernels/codes.h"
#include "training/kernels/natural.h"
#include "training/kernels/quantise.h"
#include "training/kernels/reference.h"
#include "training/kernels/signs.h"
#include "training/kernels/ternary.h"

namespace telegrad::training::kernels {
namespace {

using namespace testing_support;
using reference::Bytes;
using Floats = std::vector<float>;

float largest_of(const Floats& values) {
  float largest = 0;
  for (float value : values) largest = std::max(largest, std::fabs(value));
  return largest;
}

void for_each_vector(const std::function<void(const Floats&, const Floats&)>& check) {
  for (bool wide : {false, true}) {
    Registers registers(wide);
    for (const auto& [name, values] : vectors()) {
      SCOPED_TRACE(name + (wide ? ", wide" : ""));
      check(values, uniforms(values.size()));
    }
  }
}

/// Bytes that hold something else before.
Bytes room(std::size_t bytes) { return Bytes(bytes, std::byte{0xa5}); }

/// `add` into something, against something plus `decoded`. Bit by bit, for which a NaN never comes up.
void expect_added(const Floats& decoded, const std::function<void(std::span<float>)>& add) {
  Floats sum = normal_vector(decoded.size(), 77), expected = sum;
  for (std::size_t i = 0; i < sum.size(); ++i) expected[i] += decoded[i];
  add(sum);
  EXPECT_EQ(sum, expected);
}

TEST(Codes, OfEveryWidthArePackedAndUnpackedAsTheReferenceDoes) {
  for (bool wide : {false, true}) {
    Registers registers(wide);
    for (unsigned width = 1; width <= kWidest; ++width) {
      for (std::size_t n : {0, 1, 7, 8, 63, 511, 512, 640, 1000, 10'001}) {
        Stream stream({.seed = width, .purpose = Purpose::method});
        std::vector<std::uint32_t> codes(n), back(n, 99);
        for (std::uint32_t& code : codes) code = stream() >> (32 - width);
        Bytes packed = room(packed_bytes(n, width));
        pack_codes(codes, width, packed);
        EXPECT_EQ(packed, reference::pack_codes(codes, width)) << width << " bits, " << n;
        unpack_codes(packed, width, back);
        EXPECT_EQ(back, codes) << width << " bits, " << n;
        EXPECT_EQ(reference::unpack_codes(packed, width, n), codes);
      }
    }
  }
}

TEST(Signs, AreThoseOfTheReference) {
  for_each_vector([](const Floats& values, const Floats&) {
    Bytes packed = room(sign_bytes(values.size()));
    pack_signs(values, packed);
    ASSERT_EQ(packed, reference::pack_signs(values));
    expect_added(reference::signs(packed, 0.3F, values.size()),
                 [&](std::span<float> into) { add_signs(packed, 0.3F, into); });
  });
}

TEST(Signs, OfZerosAndOfNothingArePlus) {
  Bytes packed(1);
  pack_signs(Floats{-1.0F, 0.0F, -0.0F, 2.0F, -1e-45F}, packed);
  EXPECT_EQ(packed[0], std::byte{0b10001});
}

TEST(Ternary, IsThatOfTheReference) {
  for_each_vector([](const Floats& values, const Floats& u) {
    std::size_t n = values.size();
    for (float scale : {largest_of(values), 0.5F}) {  // 0.5: entries above saturate
      Bytes packed = room(ternary_bytes(n)), packed3 = room(ternary_base3_bytes(n));
      pack_ternary(values, u, scale, packed);
      pack_ternary_base3(values, u, scale, packed3);
      ASSERT_EQ(packed, reference::pack_ternary(values, u, scale));
      ASSERT_EQ(packed3, reference::pack_ternary_base3(values, u, scale));
      Floats decoded = reference::ternary(packed, 0.3F, n);
      EXPECT_EQ(reference::ternary_base3(packed3, 0.3F, n), decoded);
      expect_added(decoded, [&](std::span<float> into) { EXPECT_TRUE(add_ternary(packed, 0.3F, into)); });
      expect_added(decoded,
                   [&](std::span<float> into) { EXPECT_TRUE(add_ternary_base3(packed3, 0.3F, into)); });
    }
  });
}

TEST(Ternary, RefusesBytesThatNobodyPacked) {
  Floats into(9, 1.0F), before = into;
  EXPECT_FALSE(add_ternary(Bytes{std::byte{0b01010101}, std::byte{0b11010101}, std::byte{1}}, 1, into));
  EXPECT_FALSE(add_ternary_base3(Bytes{std::byte{242}, std::byte{243}}, 1, into));
  EXPECT_EQ(into, before);
  EXPECT_TRUE(add_ternary_base3(Bytes{std::byte{242}, std::byte{0}}, 1, into));
  EXPECT_EQ(into, (Floats{2, 2, 2, 2, 2, 0, 0, 0, 0}));
}

TEST(Quantised, IsThatOfTheReference) {
  for_each_vector([](const Floats& values, const Floats& u) {
    std::size_t n = values.size();
    for (unsigned width : {2U, 3U, 4U, 5U, 8U, 9U, 13U, 16U}) {
      std::uint32_t levels = (1U << (width - 1)) - 1;
      for (float norm : {largest_of(values), 1.5F}) {
        Bytes packed = room(packed_bytes(n, width));
        stochastic_quantise(values, u, norm, levels, width, packed);
        ASSERT_EQ(packed, reference::stochastic_quantise(values, u, norm, levels, width)) << width;
        expect_added(reference::quantised(packed, 1.5F, levels, width, n), [&](std::span<float> into) {
          EXPECT_TRUE(add_quantised(packed, 1.5F, levels, width, into));
        });
      }
    }
  });
}

TEST(Quantised, RefusesLevelsThatNobodyPacked) {
  std::vector<std::uint32_t> codes{3, 6, 7, 0};  // 3 levels: at most 6
  Bytes packed(2);
  pack_codes(codes, 3, packed);
  Floats into(4, 1.0F), before = into;
  EXPECT_FALSE(add_quantised(packed, 3.0F, 3, 3, into));
  EXPECT_EQ(into, before);
}

TEST(Natural, IsThatOfTheReference) {
  for_each_vector([](const Floats& values, const Floats& u) {
    Bytes packed = room(packed_bytes(values.size(), kNaturalWidth));
    pack_natural(values, u, packed);
    ASSERT_EQ(packed, reference::pack_natural(values, u));
    Floats decoded = reference::natural(packed, values.size());
    for (float& value : decoded) value *= 0.25F;
    expect_added(decoded, [&](std::span<float> into) { EXPECT_TRUE(add_natural(packed, 0.25F, into)); });
  });
}

TEST(Natural, StopsAtTheLargestPowerAndRefusesInfinity) {
  Bytes packed(3);
  pack_natural(Floats{3.4e38F, -3.4e38F}, Floats{0, 0}, packed);
  Floats into(2);
  EXPECT_TRUE(add_natural(packed, 1, into));
  EXPECT_EQ(into, (Floats{0x1p127F, -0x1p127F}));
  pack_codes(std::vector<std::uint32_t>{255, 1}, 9, packed);
  EXPECT_FALSE(add_natural(packed, 1, into));
}

/// The mean over evenly spread uniforms of what `decode` makes of a value is the value.
void expect_unbiased(const std::function<Floats(const Floats&, const Floats&)>& decode) {
  constexpr std::size_t kDraws = 4096;
  Floats u(kDraws);
  for (std::size_t i = 0; i < kDraws; ++i) u[i] = static_cast<float>(i) / kDraws;
  for (float value : {0.0F, 0.3F, -1.7F, 1.0F, -2.99F}) {
    double mean = 0;
    for (float decoded : decode(Floats(kDraws, value), u)) mean += decoded / double{kDraws};
    EXPECT_NEAR(mean, value, 3.0 / kDraws);
  }
}

TEST(StochasticKernels, AreUnbiased) {
  expect_unbiased([](const Floats& values, const Floats& u) {
    return reference::ternary(reference::pack_ternary(values, u, 3), 3, values.size());
  });
  expect_unbiased([](const Floats& values, const Floats& u) {
    return reference::quantised(reference::stochastic_quantise(values, u, 3, 7, 4), 3, 7, 4, values.size());
  });
  expect_unbiased([](const Floats& values, const Floats& u) {
    return reference::natural(reference::pack_natural(values, u), values.size());
  });
}

TEST(Natural, RoundsDenormalsToZeroOrTheSmallestPowerWithoutBias) {
  Floats u(1000);
  for (std::size_t i = 0; i < u.size(); ++i) u[i] = static_cast<float>(i) / 1000;
  Bytes packed(packed_bytes(1000, kNaturalWidth));
  pack_natural(Floats(1000, 0.25F * 0x1p-126F), u, packed);
  Floats decoded(1000);
  EXPECT_TRUE(add_natural(packed, 1, decoded));
  EXPECT_EQ(std::count(decoded.begin(), decoded.end(), 0x1p-126F), 250);
  EXPECT_EQ(std::count(decoded.begin(), decoded.end(), 0.0F), 750);
}

TEST(StochasticKernels, DrawFromAStreamWhatTheyWouldBeGiven) {
  constexpr std::size_t kSize = 6001;  // three runs
  const StreamKey key{.seed = 4, .purpose = Purpose::method};
  Floats values = normal_vector(kSize), u(kSize);
  Stream(key).fill_uniform(u);
  Bytes ternary(ternary_bytes(kSize)), base3(ternary_base3_bytes(kSize));
  Bytes quantised(packed_bytes(kSize, 5)), natural(packed_bytes(kSize, kNaturalWidth));
  Stream a(key), b(key), c(key), d(key);
  pack_ternary(values, a, 4, ternary);
  pack_ternary_base3(values, b, 4, base3);
  stochastic_quantise(values, c, 4, 15, 5, quantised);
  pack_natural(values, d, natural);
  EXPECT_EQ(ternary, reference::pack_ternary(values, u, 4));
  EXPECT_EQ(base3, reference::pack_ternary_base3(values, u, 4));
  EXPECT_EQ(quantised, reference::stochastic_quantise(values, u, 4, 15, 5));
  EXPECT_EQ(natural, reference::pack_natural(values, u));
}

}  // namespace
}  // namespace telegrad::training::kernels
