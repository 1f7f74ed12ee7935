#pragma once

// A training of whole numbers, with one fold of each shape, so that results can be compared to the bit.

#include <algorithm>
#include <cstring>
#include <vector>

#include "sim/core/errors.h"
#include "sim/core/training.h"

namespace telegrad::testing_support {

using Numbers = std::vector<std::int64_t>;

/// The run of slice s: all slices are equally long but for the last ones.
inline std::pair<std::size_t, std::size_t> run_of(std::size_t size, Slice slice) {
  const std::size_t length = (size + slice.of - 1) / slice.of;
  return {std::min(size, length * slice.index), std::min(size, length * (slice.index + 1))};
}

/// Blocks of at most 50 numbers: the first one's place, then the numbers.
inline void add_blocks(std::vector<Block>& blocks, const Numbers& numbers, std::size_t from, std::size_t to,
                       std::uint32_t limit) {
  const std::size_t most = std::min<std::size_t>(50, (limit - 8) / 8);
  for (; from < to; from += std::min(most, to - from)) {
    const std::size_t count = std::min(most, to - from);
    std::vector<std::byte> bytes(8 + 8 * count);
    std::memcpy(bytes.data(), &from, 8);
    std::memcpy(bytes.data() + 8, numbers.data() + from, 8 * count);
    blocks.push_back(Block::of(std::move(bytes)));
  }
}

inline Payload packed(const Numbers& numbers, Cut cut) {
  std::vector<Block> blocks;
  auto [begin, end] = run_of(numbers.size(), cut.slice);
  if (cut.pieces == 1) {
    add_blocks(blocks, numbers, begin, end, cut.limit);
    return Payload(std::move(blocks));
  }
  std::vector<std::vector<Block>> pieces(cut.pieces);
  std::size_t most = 0;
  for (std::uint32_t s = 0; s < cut.pieces; ++s) {
    auto [from, to] = run_of(numbers.size(), Slice{s, cut.pieces});
    add_blocks(pieces[s], numbers, from, to, cut.limit);
    most = std::max(most, pieces[s].size());
  }
  for (auto& piece : pieces) {
    while (piece.size() < most) piece.push_back(Block::of({}));
    blocks.insert(blocks.end(), piece.begin(), piece.end());
  }
  return Payload(std::move(blocks));
}

/// Puts what arrived into its places.
inline void unpack(const Payload& payload, Numbers& numbers) {
  for (const Block& block : payload.blocks()) {
    if (block.lost || block.size < 8) continue;
    std::size_t from = 0;
    std::memcpy(&from, block.data, 8);
    expect(from + (block.size - 8) / 8 <= numbers.size(), "a block of ours");
    std::memcpy(numbers.data() + from, block.data + 8, block.size - 8);
  }
}

/// linear: the sum. associative: the greatest. local and sliceable: a number that depends on the order of the parts,
/// and that cannot be had from partial results.
class ToyFold final : public Fold {
 public:
  ToyFold(Shape shape, std::size_t size) : shape_(shape), size_(size) {}
  Shape shape() const override { return shape_; }
  Payload fold(std::span<const Part> parts, Cut cut) override {
    Numbers result(size_, 0);
    bool first = true;
    for (const Part& part : parts) {
      Numbers numbers(size_, 0);
      unpack(part.payload, numbers);
      for (std::size_t i = 0; i < size_; ++i)
        result[i] = first ? once(numbers[i]) : merged(result[i], numbers[i]);
      first = false;
    }
    return packed(result, cut);
  }
  /// Not idempotent: twice is not once.
  Payload finish(Payload payload, Cut cut) override {
    Numbers numbers(size_, 0);
    unpack(payload, numbers);
    for (std::int64_t& number : numbers) number = 3 * number + 1;
    return packed(numbers, cut);
  }
  Cost cost(std::span<const Part> parts, Cut cut) const override {
    double bytes = 0;
    for (const Part& part : parts) bytes += static_cast<double>(part.payload.bytes());
    return {.flops = 0, .bytes = bytes + static_cast<double>(cut.slice.index)};
  }
  Cost finishing(const Payload& payload, Cut) const override {
    return {.flops = 0, .bytes = static_cast<double>(payload.bytes())};
  }

 private:
  static constexpr std::int64_t kPrime = 1'000'003;
  bool ordered() const { return shape_ == Shape::local || shape_ == Shape::sliceable; }
  std::int64_t once(std::int64_t a) const { return ordered() ? (31 * 7 + a) % kPrime : a; }
  std::int64_t merged(std::int64_t a, std::int64_t b) const {
    if (ordered()) return (31 * a + b) % kPrime;
    return shape_ == Shape::linear ? a + b : std::max(a, b);
  }

  Shape shape_;
  std::size_t size_;
};

/// Every worker contributes numbers of its own in every round, and worker `round % workers` shares some.
class ToyTraining final : public Training {
 public:
  ToyTraining(std::uint32_t workers, Shape shape, std::size_t size) : fold_(shape, size), size_(size) {
    facts_.portions.resize(workers);
    facts_.flops_per_sample = 1;
    for (std::uint32_t i = 0; i < workers; ++i) learners_.push_back(std::make_unique<ToyLearner>(*this, i));
  }
  const TrainingFacts& facts() const override { return facts_; }
  Learner& learner(Rank rank) override { return *learners_.at(rank.value); }
  Task<> serve(std::uint64_t round, Hub& hub) override {
    auto parts = co_await hub.collect();
    const Cut cut = hub.cut(fold_.shape());
    std::function<Payload()> job = [this, parts, cut] { return fold_.finish(fold_.fold(parts, cut), cut); };
    const Cost cost = fold_.cost(parts, cut);
    auto merged = co_await hub.work<Payload>(Phase::fold, cost, std::move(job));
    hub.publish(std::move(merged));
    const Rank origin{static_cast<std::uint32_t>(round % learners_.size())};
    Payload nothing;
    auto shared = co_await hub.share(origin, std::move(nothing));
  }
  std::function<Evaluation()> evaluation(Rank) override {
    return [] { return Evaluation{}; };
  }

  /// What worker `rank` got of the reduction in this round.
  const Numbers& result(std::uint32_t rank, std::uint64_t round) const {
    return learners_.at(rank)->results_.at(round - 1);
  }
  const Numbers& shared(std::uint32_t rank, std::uint64_t round) const {
    return learners_.at(rank)->shared_.at(round - 1);
  }
  /// What the round must come to.
  Numbers expected(std::uint64_t round) const {
    std::vector<Part> parts;
    const Cut cut;
    for (std::uint32_t i = 0; i < learners_.size(); ++i)
      parts.emplace_back(Rank{i}, packed(given(i, round), cut), 0u);
    ToyFold fold(fold_.shape(), size_);
    Numbers numbers(size_, 0);
    unpack(fold.finish(fold.fold(parts, cut), cut), numbers);
    return numbers;
  }
  Numbers given(std::uint32_t rank, std::uint64_t round) const {
    Numbers numbers(size_);
    for (std::size_t i = 0; i < size_; ++i) {
      numbers[i] = static_cast<std::int64_t>((i * 7919 + rank * 104'729 + round * 1'299'709) % 100'003);
    }
    return numbers;
  }

 private:
  class ToyLearner final : public Learner {
   public:
    ToyLearner(ToyTraining& all, std::uint32_t rank) : all_(all), rank_(rank), fold_(all.fold_) {}
    Task<double> step(std::uint64_t round, Exchange& exchange) override {
      const Cost learning{.flops = 1e6 * (1 + (rank_ + round) % 3), .bytes = 0};
      std::function<int()> job = [] { return 0; };
      co_await exchange.work<int>(Phase::gradient, learning, job);
      Payload payload = packed(all_.given(rank_, round), exchange.cut(fold_.shape()));
      auto reduced = co_await exchange.reduce(std::move(payload), fold_);
      results_.emplace_back(all_.size_, 0);
      unpack(reduced.merged, results_.back());
      EXPECT_EQ(reduced.cohort, exchange.ranks());
      EXPECT_EQ(reduced.returned.bytes(), 0u);
      const Rank origin{static_cast<std::uint32_t>(round % exchange.ranks())};
      Payload mine;
      if (origin == exchange.rank()) mine = packed(all_.given(rank_ + 50, round), exchange.cut(Shape::local));
      auto shared = co_await exchange.share(origin, std::move(mine));
      shared_.emplace_back(all_.size_, 0);
      unpack(shared, shared_.back());
      co_return static_cast<double>(results_.back().front() % 1000);
    }

   private:
    friend class ToyTraining;
    ToyTraining& all_;
    std::uint32_t rank_;
    ToyFold fold_;
    std::vector<Numbers> results_, shared_;  // by round
  };

  TrainingFacts facts_;
  ToyFold fold_;
  std::size_t size_;
  std::vector<std::unique_ptr<ToyLearner>> learners_;
};

}  // namespace telegrad::testing_support
