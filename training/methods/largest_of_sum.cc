#include "training/methods/largest_of_sum.h"

#include "sim/core/errors.h"
#include "training/kernels/select.h"

namespace telegrad::training {
namespace {

struct Entry {
  std::uint32_t at;
  float value;
};

Entries added_up(std::vector<Entry> all) {
  std::stable_sort(all.begin(), all.end(), [](const Entry& a, const Entry& b) { return a.at < b.at; });
  Entries sums;
  for (const Entry& entry : all) {
    if (!sums.at.empty() && sums.at.back() == entry.at) {
      sums.values.back() += entry.value;
    } else {
      sums.add(entry.at, entry.value);
    }
  }
  return sums;
}

}  // namespace

void Entries::add(const Payload& payload, std::span<const codecs::Unit> units) {
  for (const Block& block : payload.blocks()) {
    if (block.lost) continue;
    codecs::for_each_entry(open(block, units),
                           [this](std::uint32_t coordinate, float value) { add(coordinate, value); });
  }
}

Payload pack_entries(const Entries& entries, std::uint32_t weight, std::span<const codecs::Unit> units,
                     codecs::IndexChoice indices, Cut cut) {
  const std::vector<codecs::Coverage> coverage(1, codecs::Coverage{0, codecs::size_of(units), weight});
  const codecs::Stamp stamp{.flags = codecs::kFolded, .indices = indices};
  return pack_sparse(stamp, units, coverage, cut, entries.at,
                     codecs::FloatSource(codecs::ValueCodec::fp32, entries.values));
}

Merged largest_of_sum(std::span<const Part> parts, std::span<const codecs::Unit> units, const Keep& keep,
                      std::uint64_t round) {
  Merged merged;
  std::vector<Entry> all;
  for (const Part& part : parts) {
    std::uint32_t weight = 0;
    for (const Block& block : part.payload.blocks()) {
      if (block.lost) continue;
      const codecs::BlockView view = open(block, units);
      weight = std::max(weight, view.header.weight());
      codecs::for_each_entry(view, [&](std::uint32_t at, float value) { all.push_back({at, value}); });
    }
    merged.weight += weight;
  }
  const Entries sums = added_up(std::move(all));
  std::vector<std::uint64_t> scratch;
  std::vector<std::uint32_t> chosen;
  std::size_t from = 0;
  for (const codecs::Unit& unit : units) {
    std::size_t to = from;
    while (to < sums.at.size() && sums.at[to] < unit.first + unit.size) ++to;
    const auto values = std::span<const float>(sums.values).subspan(from, to - from);
    if (!kernels::select_largest(values, keep.of(unit, round), scratch, chosen)) {
      throw RunError(Failure::not_finite, "a sum of the workers' entries is not finite in round " +
                                              std::to_string(round) + "; a lower learning rate may help");
    }
    std::size_t next = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
      const bool keeps = next < chosen.size() && chosen[next] == i;
      (keeps ? merged.kept : merged.dropped).add(sums.at[from + i], values[i]);
      if (keeps) ++next;
    }
    from = to;
  }
  return merged;
}

}  // namespace telegrad::training
