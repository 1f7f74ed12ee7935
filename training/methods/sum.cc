#include "training/methods/sum.h"

#include <algorithm>
#include <bit>

#include "sim/core/errors.h"
#include "training/methods/compressor.h"

namespace telegrad::training {
namespace {

/// What turns the values of a block into a sum.
float to_sum(const codecs::BlockHeader& header) {
  return (header.flags & codecs::kMean) != 0 ? static_cast<float>(header.weight()) : 1.0F;
}

}  // namespace

Sum::Sum(std::int64_t size, Slice slice)
    : run_(codecs::run_of(static_cast<std::uint32_t>(size), slice)), values_(run_.end - run_.first),
      touched_((values_.size() + 63) / 64) {}

void Sum::clear() {
  std::fill(values_.begin(), values_.end(), 0.0F);
  std::fill(touched_.begin(), touched_.end(), 0);
  edges_.clear();
  contributions_ = 0;
}

void Sum::add(const Payload& payload, std::span<const codecs::Unit> units,
              std::span<const codecs::Unit> folded_units) {
  std::uint32_t contributions = payload.blocks().empty() ? 0 : 1;
  for (const Block& block : payload.blocks()) {
    if (block.lost) continue;
    codecs::BlockView view = open(block, is_folded(block) ? folded_units : units);
    const codecs::BlockHeader& header = view.header;
    if (header.span == 0) continue;
    contributions = std::max(contributions, header.weight());
    const float factor = to_sum(header);
    edges_.push_back({header.first, header.weight()});
    edges_.push_back({header.first + header.span, -std::int64_t{header.weight()}});
    if (header.index_codec == codecs::IndexCodec::none) {
      codecs::add_block(view, values_, factor, run_.first);
      touch(header.first - run_.first, header.first + header.span - run_.first);
    } else {
      expect(header.first >= run_.first && header.first + header.span <= run_.end, "a block of the slice");
      codecs::for_each_entry(view, [&](std::uint32_t at, float value) {
        const std::uint32_t i = at - run_.first;
        values_[i] += factor * value;
        touched_[i / 64] |= std::uint64_t{1} << (i % 64);
      });
    }
  }
  contributions_ += contributions;
}

void Sum::touch(std::uint32_t from, std::uint32_t to) {
  for (; from < to && from % 64 != 0; ++from) touched_[from / 64] |= std::uint64_t{1} << (from % 64);
  for (; from + 64 <= to; from += 64) touched_[from / 64] = ~std::uint64_t{0};
  for (; from < to; ++from) touched_[from / 64] |= std::uint64_t{1} << (from % 64);
}

std::vector<std::uint32_t> Sum::support() const {
  std::vector<std::uint32_t> result;
  for (std::size_t word = 0; word < touched_.size(); ++word) {
    for (std::uint64_t bits = touched_[word]; bits != 0; bits &= bits - 1) {
      result.push_back(run_.first +
                       static_cast<std::uint32_t>(word * 64 + static_cast<unsigned>(std::countr_zero(bits))));
    }
  }
  return result;
}

std::vector<codecs::Coverage> Sum::uncut(std::uint32_t weight) const {
  return {codecs::Coverage{run_.first, run_.end, weight}};
}

std::vector<codecs::Coverage> Sum::coverage() const {
  std::vector<Edge> edges = edges_;
  std::sort(edges.begin(), edges.end(), [](const Edge& a, const Edge& b) { return a.at < b.at; });
  edges.push_back({run_.end, 0});
  std::vector<codecs::Coverage> runs;
  std::int64_t weight = 0;
  std::uint32_t from = run_.first;
  for (const Edge& edge : edges) {
    if (edge.at > from) {
      auto covered = static_cast<std::uint32_t>(weight);
      bool same = !runs.empty() && runs.back().weight == covered;
      if (same) {
        runs.back().end = edge.at;
      } else {
        runs.push_back({from, edge.at, covered});
      }
      from = edge.at;
    }
    weight += edge.change;
  }
  if (runs.empty()) runs.push_back({run_.first, run_.end, 0});  // an empty slice
  return runs;
}

void add_mean(const Payload& merged, std::span<const codecs::Unit> units, Divisor divisor,
              std::span<float> into) {
  for (const Block& block : merged.blocks()) {
    if (block.lost) continue;
    codecs::BlockView view = open(block, units);
    std::uint32_t by = divisor.cohort > 0 ? divisor.cohort : view.header.weight();
    if (by > 0) codecs::add_block(view, into, to_sum(view.header) / static_cast<float>(by));
  }
}

}  // namespace telegrad::training
