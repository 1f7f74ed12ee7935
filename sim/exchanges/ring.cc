// A ring: every worker sends to the next one. No hub; README.md has the steps and the bytes.

#include <memory>

#include "sim/exchanges/exchanges.h"
#include "sim/exchanges/peer.h"

namespace telegrad::exchanges {
namespace {

class RingEnd final : public Peer {
 public:
  using Peer::Peer;

  Cut cut(Shape shape) const override {
    if (shape == Shape::local || shape == Shape::associative) return {limit(next(), Leg::down), 1};
    return {limit(next(), Leg::up), ranks()};
  }

  LinkEstimate link() const override { return network().link(node(), node_of(next())); }

  Task<Reduced> reduce(Payload payload, Fold& fold) override {
    const std::uint64_t operation = next_operation();
    const Shape shape = fold.shape();
    tell(Operation(payload, shape));
    Reduced reduced;
    reduced.cohort = ranks();
    if (shape == Shape::local || shape == Shape::associative) {
      auto merged = co_await fold_everywhere(operation, std::move(payload), fold);
      reduced.merged = std::move(merged);
      co_return reduced;
    }
    Contributed mine;
    if (shape == Shape::linear) {
      auto folded = co_await reduce_scatter(operation, std::move(payload), fold);
      mine = std::move(folded);
    } else {
      auto folded = co_await all_to_all(operation, std::move(payload), fold);
      mine = std::move(folded);
    }
    const std::uint32_t slice = shape == Shape::linear ? beside(1).value : rank().value;
    auto finished = co_await finish_here(fold, std::move(mine.result), whole_of(slice));
    auto slices = co_await all_gather(operation, slice, std::move(finished), "down");
    reduced.merged = Payload::joined(slices);
    auto returned = co_await not_applied(std::move(mine.sent));
    reduced.returned = std::move(returned);
    co_return reduced;
  }

  Task<Payload> share(Rank origin, Payload payload) override {
    const std::uint64_t operation = next_operation();
    tell(Operation(Operation::Kind::share, payload, origin));
    if (origin != rank()) {
      auto shared = co_await take_down(operation, previous(), 0);
      payload = std::move(shared);
    }
    if (next() != origin) send_down(operation, next(), 0, payload, "share down");
    co_return payload;
  }

 private:
  Rank next() const { return beside(1); }
  Rank previous() const { return beside(ranks() - 1); }
  /// For what goes down after the fold: a slice, in blocks of that way.
  Cut whole_of(std::uint32_t slice) const { return {limit(next(), Leg::down), 1, {slice, ranks()}}; }

  /// Slice s is folded on its way from worker s once round to worker s - 1.
  Task<Contributed> reduce_scatter(std::uint64_t operation, Payload payload, Fold& fold) {
    const std::uint32_t n = ranks();
    Contributed mine;
    Payload partial = piece(payload, rank().value, n);
    if (n == 1) {
      auto folded = co_await fold_alone(fold, std::move(partial), whole_of(0));
      mine.result = std::move(folded);
      co_return mine;
    }
    for (std::uint32_t step = 0; step + 1 < n; ++step) {
      send_up(operation, next(), step, step, std::move(partial), mine.sent);
      auto arrived = co_await take_up(operation, previous(), step, step);
      const std::uint32_t slice = beside(n - step - 1).value;
      std::vector<Part> parts;
      parts.emplace_back(previous(), std::move(arrived), 0u);
      parts.emplace_back(rank(), piece(payload, slice, n), 0u);
      const bool last = step + 2 == n;
      Cut cut = whole_of(slice);
      if (!last) cut.limit = limit(next(), Leg::up);
      auto folded = co_await fold_here(fold, std::move(parts), cut);
      partial = std::move(folded);
    }
    mine.result = std::move(partial);
    co_return mine;
  }

  /// Slice s goes to worker s, who folds all of them in the order of ranks.
  Task<Contributed> all_to_all(std::uint64_t operation, Payload payload, Fold& fold) {
    const std::uint32_t n = ranks();
    Contributed mine;
    for (std::uint32_t step = 1; step < n; ++step) {
      const Rank to = beside(step);
      send_up(operation, to, rank().value, to.value, piece(payload, to.value, n), mine.sent);
    }
    std::vector<Part> parts;
    for (std::uint32_t i = 0; i < n; ++i) {
      const Rank from{i};
      Payload slice = piece(payload, rank().value, n);
      if (from != rank()) {
        auto arrived = co_await take_up(operation, from, i, rank().value);
        slice = std::move(arrived);
      }
      parts.emplace_back(from, std::move(slice), 0u);
    }
    auto folded = co_await fold_here(fold, std::move(parts), whole_of(rank().value));
    mine.result = std::move(folded);
    co_return mine;
  }

  /// Everybody's, by the place that each takes; worker r + 1 holds place `at` + 1 when worker r holds `at`.
  Task<std::vector<Payload>> all_gather(std::uint64_t operation, std::uint32_t at, Payload mine,
                                        const char* purpose) {
    const std::uint32_t n = ranks();
    std::vector<Payload> all(n);
    all[at] = std::move(mine);
    for (std::uint32_t step = 0; step + 1 < n; ++step) {
      send_down(operation, next(), step, all[(at + n - step) % n], purpose);
      auto arrived = co_await take_down(operation, previous(), step);
      all[(at + n - step - 1) % n] = std::move(arrived);
    }
    co_return all;
  }

  /// All payloads at all workers, each of whom folds them in the order of ranks.
  Task<Payload> fold_everywhere(std::uint64_t operation, Payload payload, Fold& fold) {
    auto all = co_await all_gather(operation, rank().value, std::move(payload), "down");
    std::vector<Part> parts;
    for (std::uint32_t i = 0; i < ranks(); ++i) parts.emplace_back(Rank{i}, std::move(all[i]), 0u);
    const Cut whole{limit(next(), Leg::down), 1};
    auto folded = co_await fold_here(fold, std::move(parts), whole);
    auto finished = co_await finish_here(fold, std::move(folded), whole);
    co_return finished;
  }
};

double round_bytes(Shape shape, double n, double up, double down) {
  const bool sliced = shape == Shape::linear || shape == Shape::sliceable;
  return (n - 1) * (sliced ? up + down : n * up);
}

std::unique_ptr<Group> make(const Value&, const Host& host, std::uint32_t workers) {
  std::vector<std::pair<NodeId, NodeId>> links;
  for (std::uint32_t i = 0; i < workers; ++i) {
    const NodeId next{(i + 1) % workers};
    if (workers > 1) links.emplace_back(NodeId{i}, next);
    // Acknowledgements go back.
    if (workers > 2 && !host.network.facts().reliable) links.emplace_back(next, NodeId{i});
  }
  return std::make_unique<Peers<RingEnd>>(host, workers, links);
}

}  // namespace

ExchangeEntry ring() {
  return {{.name = "ring",
           .summary =
               "every worker sends to the next: sums by slices, other payloads whole, all folded by workers",
           .source = "Patarasuk and Yuan 2009",
           .parameters = {},
           .example = R"({"type": "ring"})"},
          {.make = make,
           .carries = {Shape::local, Shape::sliceable, Shape::associative, Shape::linear},
           .reliable_down = true,
           .round_bytes = round_bytes}};
}

}  // namespace telegrad::exchanges
