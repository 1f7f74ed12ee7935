#include "sim/programs/replayed.h"

#include "sim/core/errors.h"
#include "sim/programs/no_fold.h"

namespace telegrad::programs {
/// One node's steps, played in their order.
class Replayed::Player final : public Learner {
 public:
  Player(const std::vector<Recording::Step>& steps, const std::vector<Payload>& payloads)
      : steps_(steps), payloads_(payloads) {}

  Task<double> step(std::uint64_t, Exchange& exchange) override {
    for (;;) {
      const Recording::Step& next = take();
      if (next.kind == Operation::Kind::finished) {
        ++finished_;
        co_return next.loss;
      }
      if (next.kind == Operation::Kind::work) {
        co_await exchange.work<void>(next.phase, next.cost, nullptr);
      } else if (next.kind == Operation::Kind::reduce) {
        Payload payload = payloads_.at(next.shadow);
        co_await exchange.reduce(std::move(payload), fold_);
      } else {
        Payload payload = payloads_.at(next.shadow);
        co_await exchange.share(next.origin, std::move(payload));
      }
    }
  }

  Task<> serve(Hub& hub) {
    for (;;) {
      const Recording::Step& next = take();
      if (next.kind == Operation::Kind::served) co_return;
      if (next.kind == Operation::Kind::work) {
        co_await hub.work<void>(next.phase, next.cost, nullptr);
      } else if (next.kind == Operation::Kind::collect) {
        co_await hub.collect();
      } else if (next.kind == Operation::Kind::publish) {
        hub.publish(payloads_.at(next.shadow));
      } else {
        Payload payload = payloads_.at(next.shadow);
        co_await hub.share(next.origin, std::move(payload));
      }
    }
  }

  std::uint64_t finished() const { return finished_; }  // rounds

 private:
  const Recording::Step& take() {
    if (at_ == steps_.size()) {
      throw RunError(Failure::bad_data,
                     "the recording ends before the run: record as many rounds as are played");
    }
    return steps_[at_++];
  }

  const std::vector<Recording::Step>& steps_;
  const std::vector<Payload>& payloads_;
  std::size_t at_ = 0;
  std::uint64_t finished_ = 0;
  NoFold fold_;
};

Replayed::Replayed(Recording recording) : recording_(std::move(recording)) {
  for (const Shadow& shadow : recording_.shadows) {
    payloads_.push_back(Payload::sized(shadow.sizes, shadow.information_bits));
  }
  for (const auto& steps : recording_.nodes) players_.push_back(std::make_unique<Player>(steps, payloads_));
}

Replayed::~Replayed() = default;

Learner& Replayed::learner(Rank rank) { return *players_.at(rank.value); }

Task<> Replayed::serve(std::uint64_t, Hub& hub) { co_await players_.back()->serve(hub); }

std::function<Evaluation()> Replayed::evaluation() {
  auto known =
      recording_.evaluations.find(players_.front()->finished());  // of the model as rank 0 has it now
  Evaluation evaluation = known == recording_.evaluations.end() ? Evaluation{} : known->second;
  return [evaluation] { return evaluation; };
}

}  // namespace telegrad::programs
