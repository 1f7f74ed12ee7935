#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sim/codecs/block.h"
#include "sim/codecs/pack.h"
#include "sim/core/payload.h"

namespace telegrad::training {

/// The sum of payloads, or of the same slice of them, added in the order of ranks, with what a down-link encoder
/// needs to know of it: which coordinates anybody sent, and how many contributions cover each run.
class Sum final {
 public:
  explicit Sum(std::int64_t size, Slice slice = {});

  void clear();
  /// Adds all blocks that arrived. A block that was folded on its way lies in `folded_units`. Throws
  /// RunError(bad_data).
  void add(const Payload& payload, std::span<const codecs::Unit> units,
           std::span<const codecs::Unit> folded_units);
  void add(const Payload& payload, std::span<const codecs::Unit> units) { add(payload, units, units); }

  /// Of the slice, which begins at coordinate `first`.
  std::span<const float> values() const { return values_; }
  std::uint32_t first() const { return run_.first; }
  /// How many workers' contributions were added, those within partial sums too.
  std::uint32_t contributions() const { return contributions_; }
  /// Coordinates that some block had an entry for, in rising order.
  std::vector<std::uint32_t> support() const;
  /// Contiguous and covering [0, d), or the slice.
  std::vector<codecs::Coverage> coverage() const;
  /// The same, as if everybody had covered everything.
  std::vector<codecs::Coverage> uncut(std::uint32_t weight) const;

 private:
  void touch(std::uint32_t from, std::uint32_t to);

  struct Edge {
    std::uint32_t at = 0;
    std::int64_t change = 0;
  };

  codecs::Coverage run_;
  std::uint32_t contributions_ = 0;
  std::vector<float> values_;
  std::vector<std::uint64_t> touched_;  // a bit for each coordinate
  std::vector<Edge> edges_;
};

/// Who a sum is divided by: a number, or for each block its contributors.
struct Divisor {
  std::uint32_t cohort = 0;  // 0: contributors
};

/// into += what arrived / divisor; into: [d].
void add_mean(const Payload& merged, std::span<const codecs::Unit> units, Divisor divisor,
              std::span<float> into);

}  // namespace telegrad::training
