#include "sim/codecs/pack.h"

#include <algorithm>

#include "sim/codecs/packer.h"
#include "sim/core/errors.h"

namespace telegrad::codecs {
namespace {

/// Visits the runs within one piece, one unit and one coverage, in order.
template <class Visit>
void for_each_run(std::span<const Unit> units, std::span<const Coverage> coverage, std::uint32_t begin,
                  std::uint32_t end, Visit visit) {
  std::size_t unit = 0;
  std::size_t cover = 0;
  while (begin < end) {
    while (units[unit].first + units[unit].size <= begin) ++unit;
    while (coverage[cover].end <= begin) ++cover;
    std::uint32_t stop = std::min({end, units[unit].first + units[unit].size, coverage[cover].end});
    visit(Run{static_cast<std::uint16_t>(unit), begin, stop, coverage[cover].weight});
    begin = stop;
  }
}

/// What of the slice is covered.
Coverage packed(std::span<const Unit> units, std::span<const Coverage> coverage, Cut cut) {
  expect(!units.empty(), "units of [0, d)");
  const Coverage slice = run_of(size_of(units), cut.slice);
  if (slice.first == slice.end) return slice;  // more slices than coordinates
  expect(!coverage.empty() && coverage.back().end <= size_of(units), "coverage of units");
  return {std::max(slice.first, coverage.front().first), std::min(slice.end, coverage.back().end), 1};
}

/// Packs all pieces; `pack(packer, run)` writes one run.
template <class Pack>
Payload pack_pieces(Packer packer, std::span<const Unit> units, std::span<const Coverage> coverage, Cut cut,
                    Pack pack) {
  expect(units.size() <= 65536 && cut.pieces > 0, "units of [0, d)");
  const Coverage all = packed(units, coverage, cut);
  if (all.first >= all.end) return {};
  for (std::uint32_t piece = 0; piece < cut.pieces; ++piece) {
    const Coverage part = run_of(all.end - all.first, Slice{piece, cut.pieces});
    for_each_run(units, coverage, all.first + part.first, all.first + part.end,
                 [&](const Run& run) { pack(packer, run); });
    packer.end_piece();
  }
  return std::move(packer).finish();
}

}  // namespace

Coverage run_of(std::uint32_t coordinates, Slice slice) {
  expect(slice.index < slice.of, "one of the slices");
  const std::uint64_t length = (std::uint64_t{coordinates} + slice.of - 1) / slice.of;
  auto place = [&](std::uint64_t s) {
    return static_cast<std::uint32_t>(std::min<std::uint64_t>(s * length, coordinates));
  };
  return {place(slice.index), place(std::uint64_t{slice.index} + 1), 1};
}

Payload pack_dense(const Stamp& stamp, std::span<const Unit> units, std::span<const Coverage> coverage,
                   Cut cut, const ValueSource& values, std::span<const float> scales) {
  Packer packer(cut.limit, stamp, units, values, scales);
  const std::uint32_t first = packed(units, coverage, cut).first;
  return pack_pieces(std::move(packer), units, coverage, cut, [first](Packer& into, const Run& run) {
    if (run.weight == 0) {
      into.sparse(run, {}, 0);
    } else {
      into.dense(run, run.first - first);
    }
  });
}

Payload pack_sparse(const Stamp& stamp, std::span<const Unit> units, std::span<const Coverage> coverage,
                    Cut cut, std::span<const std::uint32_t> indices, const ValueSource& values,
                    std::span<const float> scales) {
  Packer packer(cut.limit, stamp, units, values, scales);
  return pack_pieces(std::move(packer), units, coverage, cut, [&](Packer& into, const Run& run) {
    auto from = std::lower_bound(indices.begin(), indices.end(), run.first);
    auto to = std::lower_bound(from, indices.end(), run.end);
    auto first = static_cast<std::size_t>(from - indices.begin());
    into.sparse(run, indices.subspan(first, static_cast<std::size_t>(to - from)), first);
  });
}

}  // namespace telegrad::codecs
