#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "training/methods/compressor.h"
#include "training/methods/ratio.h"

namespace telegrad::training {

/// Entries with rising coordinates.
struct Entries {
  std::vector<std::uint32_t> at;
  std::vector<float> values;

  void add(std::uint32_t coordinate, float value) {
    at.push_back(coordinate);
    values.push_back(value);
  }
  /// Those of the blocks that are there.
  void add(const Payload& payload, std::span<const codecs::Unit> units);
  bool has(std::uint32_t coordinate) const { return std::binary_search(at.begin(), at.end(), coordinate); }
};

/// What a merge of sparse payloads comes to (Shi et al. 2019).
struct Merged {
  Entries kept, dropped;     // together the sum
  std::uint32_t weight = 0;  // contributors
};

/// As sums of so many contributions.
Payload pack_entries(const Entries& entries, std::uint32_t weight, std::span<const codecs::Unit> units,
                     codecs::IndexChoice indices, Cut cut);

/// Adds in the order of the parts, and keeps the k largest of each unit; ties go to the lower coordinate. Throws
/// RunError: not_finite, bad_data.
Merged largest_of_sum(std::span<const Part> parts, std::span<const codecs::Unit> units, const Keep& keep,
                      std::uint64_t round);

}  // namespace telegrad::training
