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

/// Packs all pieces; `pack(packer, run)` writes one run.
template <class Pack>
Payload pack_pieces(Packer packer, std::span<const Unit> units, std::span<const Coverage> coverage, Cut cut,
                    Pack pack) {
  expect(!units.empty() && !coverage.empty() && units.size() <= 65536, "units and coverage of [0, d)");
  std::uint32_t coordinates = units.back().first + units.back().size;
  expect(coverage.back().end == coordinates && cut.pieces > 0, "coverage of [0, d)");
  std::uint32_t length = (coordinates + cut.pieces - 1) / cut.pieces;
  for (std::uint32_t piece = 0; piece < cut.pieces; ++piece) {
    std::uint64_t begin = std::min<std::uint64_t>(std::uint64_t{piece} * length, coordinates);
    std::uint64_t end = std::min<std::uint64_t>(begin + length, coordinates);
    for_each_run(units, coverage, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end),
                 [&](const Run& run) { pack(packer, run); });
    packer.end_piece();
  }
  return std::move(packer).finish();
}

}  // namespace

Payload pack_dense(const Stamp& stamp, std::span<const Unit> units, std::span<const Coverage> coverage,
                   Cut cut, const ValueSource& values, std::span<const float> scales) {
  Packer packer(cut.limit, stamp, units, values, scales);
  return pack_pieces(std::move(packer), units, coverage, cut, [](Packer& into, const Run& run) {
    if (run.weight == 0) {
      into.sparse(run, {}, 0);
    } else {
      into.dense(run, run.first);
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
