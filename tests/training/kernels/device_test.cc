// The kernels for GPUs against the references. Skipped where no GPU answers, or in builds without nvcc.

#include "training/kernels/device.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "tests/training/kernels/vectors.h"
#include "training/kernels/codes.h"
#include "training/kernels/natural.h"
#include "training/kernels/reference.h"

namespace telegrad::training::kernels {
namespace {

using namespace testing_support;
using device::Memory;
using Indices = std::vector<std::uint32_t>;
using reference::Bytes;

class DeviceKernels : public testing::Test {
 protected:
  void SetUp() override {
    if (!device::available()) GTEST_SKIP() << "no GPU answers, or the build is without nvcc";
  }
};

/// A vector in the GPU's memory.
struct There {
  explicit There(const std::vector<float>& values) : memory(values.size() * sizeof(float)) {
    memory.upload(values.data(), values.size() * sizeof(float));
  }
  float* data() const { return memory.as<float>(); }
  Memory memory;
};

template <class Pack>
Bytes packed_there(std::size_t bytes, Pack pack) {
  Memory memory(bytes);
  pack(memory.as<std::uint8_t>());
  device::synchronise(nullptr);
  Bytes here(bytes);
  memory.download(here.data(), bytes);
  return here;
}

Indices download(const Memory& memory, std::size_t count) {
  Indices indices(count);
  memory.download(indices.data(), count * sizeof(std::uint32_t));
  return indices;
}

TEST_F(DeviceKernels, SelectWhatTheReferenceSelects) {
  std::vector<Vector> all = vectors();
  for (Vector& vector : vectors_of(70'000)) all.push_back(std::move(vector));
  device::Selector selector(70'000);
  for (const auto& [name, values] : all) {
    std::size_t n = values.size();
    There there(values);
    for (std::size_t k : {std::size_t{0}, std::size_t{1}, n / 100, n / 2, n, n + 3}) {
      Memory chosen(n * sizeof(std::uint32_t));
      ASSERT_TRUE(selector.select_largest(there.data(), n, k, chosen.as<std::uint32_t>(), nullptr));
      EXPECT_EQ(download(chosen, std::min(n, k)), reference::select_largest(values, k))
          << name << ", k = " << k;
    }
  }
}

TEST_F(DeviceKernels, AddTheGradientFirst) {
  constexpr std::size_t kSize = 10'001;
  std::vector<float> residual = normal_vector(kSize, 1), gradient = normal_vector(kSize, 2), sum = residual;
  for (std::size_t i = 0; i < kSize; ++i) sum[i] += gradient[i];
  There left(residual), plain(residual), right(gradient);
  Memory chosen(100 * sizeof(std::uint32_t));
  device::Selector selector(kSize);
  ASSERT_TRUE(
      selector.add_and_select(left.data(), right.data(), kSize, 100, chosen.as<std::uint32_t>(), nullptr));
  device::add(plain.data(), right.data(), kSize, nullptr);
  EXPECT_EQ(download(chosen, 100), reference::select_largest(sum, 100));
  for (const There* there : {&left, &plain}) {
    there->memory.download(residual.data(), kSize * sizeof(float));
    EXPECT_EQ(residual, sum);
  }
}

TEST_F(DeviceKernels, RefuseWhatIsNotFinite) {
  std::vector<float> values = normal_vector(5000);
  values[4321] = std::numeric_limits<float>::quiet_NaN();
  There there(values);
  Memory chosen(8 * sizeof(std::uint32_t));
  device::Selector selector(values.size());
  EXPECT_FALSE(selector.select_largest(there.data(), 5000, 8, chosen.as<std::uint32_t>(), nullptr));
}

TEST_F(DeviceKernels, PackWhatTheReferencePacks) {
  for (const auto& [name, values] : vectors()) {
    SCOPED_TRACE(name);
    std::size_t n = values.size();
    std::vector<float> numbers = uniforms(n);
    There there(values), u(numbers);
    EXPECT_EQ(
        packed_there((n + 7) / 8, [&](auto* into) { device::pack_signs(there.data(), n, into, nullptr); }),
        reference::pack_signs(values));
    EXPECT_EQ(packed_there(
                  (n + 3) / 4,
                  [&](auto* into) { device::pack_ternary(there.data(), u.data(), 0.5F, n, into, nullptr); }),
              reference::pack_ternary(values, numbers, 0.5F));
    EXPECT_EQ(packed_there((n + 4) / 5,
                           [&](auto* into) {
                             device::pack_ternary_base3(there.data(), u.data(), 0.5F, n, into, nullptr);
                           }),
              reference::pack_ternary_base3(values, numbers, 0.5F));
    EXPECT_EQ(
        packed_there(packed_bytes(n, kNaturalWidth),
                     [&](auto* into) { device::pack_natural(there.data(), u.data(), n, into, nullptr); }),
        reference::pack_natural(values, numbers));
    for (unsigned width : {2U, 5U, 8U, 13U, 16U}) {
      std::uint32_t levels = (1U << (width - 1)) - 1;
      EXPECT_EQ(packed_there(packed_bytes(n, width),
                             [&](auto* into) {
                               device::stochastic_quantise(there.data(), u.data(), 1.5F, levels, width, n,
                                                           into, nullptr);
                             }),
                reference::stochastic_quantise(values, numbers, 1.5F, levels, width));
    }
  }
}

}  // namespace
}  // namespace telegrad::training::kernels
