#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "sim/codecs/block.h"
#include "sim/core/exchange.h"
#include "sim/core/payload.h"

namespace telegrad::codecs {

/// What all blocks of a payload share; the rest of a header is filled in where it is cut.
struct Stamp {
  MethodId method = kFoldedMethod;
  std::uint8_t flags = 0;  // with kZstd blocks are compressed where that makes them shorter
  std::uint32_t worker = 0;
  IndexChoice indices = {};
};

/// A run of coordinates that so many contributions cover. In a folded payload blocks are cut where it changes.
struct Coverage {
  std::uint32_t first = 0;
  std::uint32_t end = 0;
  std::uint32_t weight = 0;
  bool operator==(const Coverage&) const = default;
};

/// The run of coordinates that is one of so many equally long ones; the last ones may be shorter.
Coverage run_of(std::uint32_t coordinates, Slice slice);

/// Both cut what the coverage says of [0, d), or of the cut's slice of it, into blocks that lie side by side, each
/// within one unit, one coverage and one piece (piece s is the s-th of equally long runs of coordinates), none longer
/// than the limit. Throw RunError when the limit holds no entry. scales: those of each bucket of each unit, in order,
/// as many as the codec has.

/// All values of what is cut. Runs with no contribution make one empty block.
Payload pack_dense(const Stamp& stamp, std::span<const Unit> units, std::span<const Coverage> coverage,
                   Cut cut, const ValueSource& values, std::span<const float> scales = {});

/// The values beside these rising coordinates of what is cut.
Payload pack_sparse(const Stamp& stamp, std::span<const Unit> units, std::span<const Coverage> coverage,
                    Cut cut, std::span<const std::uint32_t> indices, const ValueSource& values,
                    std::span<const float> scales = {});

/// One worker's own payload: everything is covered once.
inline std::vector<Coverage> covered_once(std::uint32_t coordinates) { return {Coverage{0, coordinates, 1}}; }

}  // namespace telegrad::codecs
