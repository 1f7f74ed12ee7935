#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace telegrad::training {

/// The indices of the k entries of largest magnitude, in rising order; ties go to the lower index; exactly
/// min(k, size). `scratch` is memory to reuse. Returns false, with nothing chosen, where an entry is NaN or
/// infinite. (Aji and Heafield 2017)
[[nodiscard]] bool select_largest(std::span<const float> values, std::size_t k,
                                  std::vector<std::uint64_t>& scratch, std::vector<std::uint32_t>& chosen);

}  // namespace telegrad::training
