#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace telegrad::training::kernels {

/// The indices of the k entries of largest magnitude, in rising order; ties go to the lower index; exactly
/// min(k, size). `scratch` is memory to reuse. Returns false, with nothing chosen, where an entry is NaN or
/// infinite. At most 2^32 entries. (Aji and Heafield 2017)
[[nodiscard]] bool select_largest(std::span<const float> values, std::size_t k,
                                  std::vector<std::uint64_t>& scratch, std::vector<std::uint32_t>& chosen);

/// residual += gradient, then the largest of that, in one pass over both. The sum is complete also where an entry
/// is not finite.
[[nodiscard]] bool add_and_select(std::span<float> residual, std::span<const float> gradient, std::size_t k,
                                  std::vector<std::uint64_t>& scratch, std::vector<std::uint32_t>& chosen);

}  // namespace telegrad::training::kernels
