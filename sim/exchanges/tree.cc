// A binomial tree without a hub: partial results are folded on their way to worker 0, the result returns the same
// way. README.md has the steps and the bytes.

#include <memory>

#include "sim/core/errors.h"
#include "sim/exchanges/exchanges.h"
#include "sim/exchanges/peer.h"

namespace telegrad::exchanges {
namespace {

/// Places in a binomial tree of n, the root at 0: the parent of a place lacks its lowest bit.
std::uint32_t parent_of(std::uint32_t place) { return place & (place - 1); }

/// Nearest first, which have the smallest branches.
std::vector<std::uint32_t> children_of(std::uint32_t place, std::uint32_t n) {
  std::vector<std::uint32_t> children;
  const std::uint32_t end = place == 0 ? n : place & (~place + 1);
  for (std::uint32_t bit = 1; bit < end && place + bit < n; bit *= 2) children.push_back(place + bit);
  return children;
}

class TreeEnd final : public Peer {
 public:
  using Peer::Peer;

  Cut cut(Shape shape) const override {
    const Leg leg = shape == Shape::local || shape == Shape::sliceable ? Leg::down : Leg::up;
    return {limit(beside(1), leg), 1};
  }

  bool folds_on_the_way() const override { return true; }
  /// To the parent; what the root adds never travels.
  LinkEstimate link() const override {
    if (rank() == kRoot) return {};
    return network().link(node(), NodeId{parent_of(rank().value)});
  }

  Task<Reduced> reduce(Payload payload, Fold& fold) override {
    const Shape shape = fold.shape();
    expect(shape == Shape::associative || shape == Shape::linear, "a tree folds partial results");
    const std::uint64_t operation = next_operation();
    tell(Operation(payload, shape));
    Reduced reduced;
    reduced.cohort = ranks();
    auto mine = co_await fold_upwards(operation, std::move(payload), fold);
    if (rank() == kRoot) {
      auto finished = co_await finish_here(fold, std::move(mine.result), result_cut());
      mine.result = std::move(finished);
    }
    auto merged = co_await spread(operation, kRoot, std::move(mine.result), "down");
    reduced.merged = std::move(merged);
    auto returned = co_await not_applied(std::move(mine.sent));
    reduced.returned = std::move(returned);
    co_return reduced;
  }

  /// By the same tree with its root at the origin.
  Task<Payload> share(Rank origin, Payload payload) override {
    const std::uint64_t operation = next_operation();
    tell(Operation(Operation::Kind::share, payload, origin));
    auto shared = co_await spread(operation, origin, std::move(payload), "share down");
    co_return shared;
  }

 private:
  static constexpr Rank kRoot{0};

  Cut result_cut() const { return {limit(beside(1), Leg::down), 1}; }

  Task<Contributed> fold_upwards(std::uint64_t operation, Payload payload, Fold& fold) {
    const auto children = children_of(rank().value, ranks());
    Contributed mine;
    mine.result = std::move(payload);
    for (std::uint32_t place : children) {
      const Rank child{place};
      auto arrived = co_await take_up(operation, child, place, 0);
      std::vector<Part> parts;
      parts.emplace_back(rank(), std::move(mine.result), 0u);
      parts.emplace_back(child, std::move(arrived), 0u);
      const bool last = rank() == kRoot && place == children.back();
      const Cut cut = last ? result_cut() : this->cut(fold.shape());
      auto folded = co_await fold_here(fold, std::move(parts), cut);
      mine.result = std::move(folded);
    }
    if (ranks() == 1) {
      auto folded = co_await fold_alone(fold, std::move(mine.result), result_cut());
      mine.result = std::move(folded);
    }
    if (rank() != kRoot) {
      Payload partial = std::move(mine.result);
      send_up(operation, Rank{parent_of(rank().value)}, rank().value, 0, std::move(partial), mine.sent);
    }
    co_return mine;
  }

  /// From the origin to all, the largest branch first.
  Task<Payload> spread(std::uint64_t operation, Rank origin, Payload payload, const char* purpose) {
    const std::uint32_t n = ranks();
    const std::uint32_t place = (rank().value + n - origin.value) % n;
    if (place != 0) {
      const Rank parent{(parent_of(place) + origin.value) % n};
      auto arrived = co_await take_down(operation, parent, 0);
      payload = std::move(arrived);
    }
    const auto children = children_of(place, n);
    for (auto child = children.rbegin(); child != children.rend(); ++child) {
      send_down(operation, Rank{(*child + origin.value) % n}, 0, payload, purpose);
    }
    co_return payload;
  }
};

std::unique_ptr<Group> make(const Value&, const Host& host, std::uint32_t workers) {
  std::vector<std::pair<NodeId, NodeId>> links;
  for (std::uint32_t i = 1; i < workers; ++i) {
    links.emplace_back(NodeId{i}, NodeId{parent_of(i)});
    links.emplace_back(NodeId{parent_of(i)}, NodeId{i});
  }
  return std::make_unique<Peers<TreeEnd>>(host, workers, links);
}

}  // namespace

ExchangeEntry tree() {
  return {{.name = "tree",
           .summary = "partial results are folded on their way to worker 0, which sends the result back",
           .source = "",
           .parameters = {},
           .example = R"({"type": "tree"})"},
          {.make = make,
           .carries = {Shape::associative, Shape::linear},
           .reliable_down = true,
           .round_bytes = [](Shape, double n, double up, double down) { return (n - 1) * (up + down); }}};
}

}  // namespace telegrad::exchanges
