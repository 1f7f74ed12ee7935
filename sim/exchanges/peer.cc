#include "sim/exchanges/peer.h"

#include "sim/core/errors.h"
#include "sim/exchanges/verdict.h"

namespace telegrad::exchanges {
namespace {

// Steps of an operation; the index of a message lies below.
constexpr std::uint32_t kUp = 1u << 24;
constexpr std::uint32_t kAcknowledge = 2u << 24;
constexpr std::uint32_t kDown = 3u << 24;

}  // namespace

Peer::Peer(const Host& host, Rank rank, std::uint32_t workers)
    : Exchange(host, node_of(rank)), rank_(rank), workers_(workers),
      acknowledged_(!host.network.facts().reliable) {}

std::function<std::string()> Peer::waiting_for(const char* what, Rank from, std::uint64_t operation) const {
  return [what, from, operation] {
    return std::string(what) + " of worker " + std::to_string(from.value) + " in operation " +
           std::to_string(operation);
  };
}

void Peer::send_up(std::uint64_t operation, Rank to, std::uint32_t index, std::uint32_t back, Payload payload,
                   std::vector<Sent>& sent) {
  if (acknowledged_) sent.emplace_back(to, Tag{0, operation, kAcknowledge | back}, payload);
  network().post(Message(node(), {node_of(to)}, Tag{0, operation, kUp | index}, std::move(payload), Block(),
                         Leg::up, Label{round(), "up"}));
}

Task<Payload> Peer::take_up(std::uint64_t operation, Rank from, std::uint32_t index, std::uint32_t back) {
  auto missing = waiting_for("a part", from, operation);
  const Tag mailbox{0, operation, kUp | index};
  auto delivery = co_await network().receive(node(), mailbox, kNever, missing);
  if (acknowledged_) {
    Answer answer{workers_, {judge(operation, delivery->payload)}};
    network().post(Message(node(), {node_of(from)}, Tag{0, operation, kAcknowledge | back}, Payload(),
                           encode(answer), Leg::down, Label{round(), "acknowledgement down"}));
  }
  co_return std::move(delivery->payload);
}

void Peer::send_down(std::uint64_t operation, Rank to, std::uint32_t index, Payload payload,
                     const char* purpose) {
  network().post(Message(node(), {node_of(to)}, Tag{0, operation, kDown | index}, std::move(payload), Block(),
                         Leg::down, Label{round(), purpose}));
}

Task<Payload> Peer::take_down(std::uint64_t operation, Rank from, std::uint32_t index) {
  auto missing = waiting_for("the result", from, operation);
  const Tag mailbox{0, operation, kDown | index};
  auto delivery = co_await network().receive(node(), mailbox, kNever, missing);
  expect(delivery->payload.whole(), "nothing is lost on the way down");
  co_return std::move(delivery->payload);
}

Task<Payload> Peer::not_applied(std::vector<Sent> sent) {
  std::vector<Block> lost;
  for (const Sent& message : sent) {
    auto missing = waiting_for("an acknowledgement", message.to, message.acknowledgement.operation);
    auto delivery = co_await network().receive(node(), message.acknowledgement, kNever, missing);
    auto answer = decode_answer(delivery->control);
    expect(answer.has_value() && answer->verdicts.size() == 1, "an acknowledgement is one verdict");
    const Verdict& verdict = answer->verdicts.front();
    auto blocks = message.payload.blocks();
    for (std::size_t i = 0; i < blocks.size() && verdict.kind != Verdict::Kind::applied; ++i) {
      bool applied = verdict.kind == Verdict::Kind::some && verdict.applied.at(i);
      if (!applied && !blocks[i].lost) lost.push_back(blocks[i]);
    }
  }
  co_return lost.empty() ? Payload() : Payload(std::move(lost));
}

Task<Payload> Peer::fold_here(Fold& fold, std::vector<Part> parts, Cut cut) {
  const Cost cost = fold.cost(parts, cut);
  std::function<Payload()> job = [&fold, parts = std::move(parts), cut] { return fold.fold(parts, cut); };
  const SimTime duration = charge(Phase::fold, cost);
  auto folded = co_await network().compute<Payload>(host_.pool, std::move(job), duration);
  tell(Operation(Operation::Kind::fold, Phase::fold, cost, folded));
  co_return folded;
}

Task<Payload> Peer::fold_alone(Fold& fold, Payload mine, Cut cut) {
  std::vector<Part> parts(1, Part(rank_, std::move(mine), 0));
  auto folded = co_await fold_here(fold, std::move(parts), cut);
  co_return folded;
}

Task<Payload> Peer::finish_here(Fold& fold, Payload merged, Cut cut) {
  const Cost cost = fold.finishing(merged, cut);
  std::function<Payload()> job = [&fold, merged = std::move(merged), cut] {
    return fold.finish(merged, cut);
  };
  const SimTime duration = charge(Phase::encode, cost);
  auto finished = co_await network().compute<Payload>(host_.pool, std::move(job), duration);
  tell(Operation(Operation::Kind::finish, Phase::encode, cost, finished));
  co_return finished;
}

}  // namespace telegrad::exchanges
