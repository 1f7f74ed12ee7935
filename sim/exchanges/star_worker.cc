#include "sim/exchanges/star_worker.h"

#include <algorithm>

#include "sim/core/errors.h"

namespace telegrad::exchanges {

Cut StarWorker::cut(Shape shape) const {
  const std::uint32_t up = host_.network.limit(node(), hub(), Leg::up);
  if (shape != Shape::local) return {up, 1};
  return {std::min(up, host_.network.limit(hub(), node(), Leg::down)), 1};
}

Task<Reduced> StarWorker::reduce(Payload payload, Fold& fold) {
  std::uint64_t operation = next_++;
  tell(Operation(payload, fold.shape()));
  pending_.emplace(operation, payload);
  down_.contributed();
  network().post(Message(node(), {hub()}, Tag{0, operation, kUp}, std::move(payload), Block(), Leg::up,
                         Label{round(), "up"}));
  co_return co_await answer(operation);
}

Task<Delivery> StarWorker::hear(Word word, std::uint64_t operation, std::function<std::string()> missing) {
  const Tag mailbox{0, operation, kDown};
  auto heard = co_await network().receive(node(), mailbox, kNever, std::move(missing));
  co_return co_await down_.understood(word, std::move(*heard), round());
}

Task<Reduced> StarWorker::answer(std::uint64_t operation) {
  std::function<std::string()> missing = [operation] {
    return "the hub's answer to operation " + std::to_string(operation);
  };
  auto answer = co_await hear(Word::result, operation, std::move(missing));
  Reduced reduced;
  reduced.merged = std::move(answer.payload);
  reduced.returned = settle(answer.control);
  reduced.cohort = cohort_;
  co_return reduced;
}

Task<Invitation> StarWorker::invitation() {
  std::function<std::string()> missing = [] { return std::string("an invitation"); };
  const std::uint64_t operation = next_++;
  auto letter = co_await hear(Word::result, operation, std::move(missing));
  auto invitation = decode_invitation(letter.control);
  expect(invitation.has_value(), "the hub's control bytes are an invitation");
  invitation->model = std::move(letter.payload);
  co_return *std::move(invitation);
}

/// Blocks of mine that, as I now learn, were not applied.
Payload StarWorker::settle(const Block& control) {
  if (control.lost) return {};
  auto answer = decode_answer(control);
  expect(answer.has_value(), "the hub's control bytes are an answer");
  cohort_ = answer->cohort;
  std::vector<Block> returned;
  for (const Verdict& verdict : answer->verdicts) {
    auto at = pending_.find(verdict.operation);
    if (at == pending_.end() || verdict.kind == Verdict::Kind::deferred) continue;
    auto blocks = at->second.blocks();
    for (std::size_t i = 0; i < blocks.size() && verdict.kind != Verdict::Kind::applied; ++i) {
      const bool kept = verdict.kind == Verdict::Kind::some && verdict.applied.at(i);
      if (!kept && verdict.kind != Verdict::Kind::dropped) returned.push_back(blocks[i]);
    }
    pending_.erase(at);
  }
  return returned.empty() ? Payload() : Payload(std::move(returned));
}

namespace {

/// What all others have of a payload that lost blocks on its way to the hub.
Payload arrived(const Payload& payload, const Block& control) {
  if (control.lost) return payload;
  auto answer = decode_answer(control);
  expect(answer.has_value() && answer->verdicts.size() == 1, "the hub's word on what was shared");
  const Verdict& verdict = answer->verdicts.front();
  if (verdict.kind == Verdict::Kind::none) return {};
  return verdict.kind == Verdict::Kind::some ? payload.only(verdict.applied) : payload;
}

}  // namespace

Task<Payload> StarWorker::share(Rank origin, Payload payload) {
  std::uint64_t operation = next_++;
  tell(Operation(Operation::Kind::share, payload, origin));
  if (origin == rank_) {
    const bool whole = replicas_ == Replicas::resync;
    down_.contributed();
    network().post(Message(node(), {hub()}, Tag{0, operation, kShareUp}, payload, Block(),
                           whole ? Leg::repair : Leg::up, Label{round(), "share up"}));
    if (whole || network().facts().reliable) co_return payload;
    std::function<std::string()> verdict = [] {
      return std::string("the hub's word on what arrived of its share");
    };
    auto answer = co_await hear(Word::shared, operation, std::move(verdict));
    co_return arrived(payload, answer.control);
  }
  std::function<std::string()> missing = [origin] {
    return origin == hub_rank ? std::string("what the hub shares")
                              : "what worker " + std::to_string(origin.value) + " shares";
  };
  auto shared = co_await hear(Word::shared, operation, std::move(missing));
  co_return std::move(shared.payload);
}

}  // namespace telegrad::exchanges
