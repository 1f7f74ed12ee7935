#include "sim/programs/replayed.h"

#include "sim/core/errors.h"

namespace telegrad::programs {

/// One node's steps, played in their order. What it folds on the way costs and comes to what it did then.
class Replayed::Player final : public Learner, private Fold {
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
      co_await play(next, exchange);
    }
  }

  Task<double> local(std::uint64_t round, LocalWork, Exchange& exchange) override {
    co_return co_await step(round, exchange);
  }

  Task<> visit(Invitation, LocalWork, Exchange& exchange, Learnt learnt) override {
    for (;;) {
      const Recording::Step& next = take();
      if (next.kind == Operation::Kind::served) co_return;
      if (next.kind == Operation::Kind::finished) {
        learnt(next.loss);
      } else {
        co_await play(next, exchange);
      }
    }
  }

  Task<> play(Recording::Step next, Exchange& exchange) {
    if (next.kind == Operation::Kind::work) {
      co_await exchange.work<void>(next.phase, next.cost, nullptr);
    } else if (next.kind == Operation::Kind::reduce) {
      Payload payload = payloads_.at(next.shadow);
      shape_ = next.shape;
      co_await exchange.reduce(std::move(payload), *this);
    } else {
      Payload payload = payloads_.at(next.shadow);
      co_await exchange.share(next.origin, std::move(payload));
    }
  }

  Task<> serve(Hub& hub, std::vector<Rank> members) {
    for (;;) {
      const Recording::Step& next = take();
      if (next.kind == Operation::Kind::served) {
        ++finished_;
        co_return;
      }
      if (next.kind == Operation::Kind::work) {
        co_await hub.work<void>(next.phase, next.cost, nullptr);
      } else if (next.kind == Operation::Kind::collect) {
        co_await hub.collect();
      } else if (next.kind == Operation::Kind::publish) {
        hub.publish(payloads_.at(next.shadow));
      } else if (next.kind == Operation::Kind::invite) {
        const std::vector<float> weights(members.size(), 1.0F);
        hub.invite(members, weights, payloads_.at(next.shadow));
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

  Shape shape() const override { return shape_; }
  Cost cost(std::span<const Part>, Cut) const override { return cost_of(Operation::Kind::fold); }
  Cost finishing(const Payload&, Cut) const override { return cost_of(Operation::Kind::finish); }
  Payload fold(std::span<const Part> parts, Cut) override {
    return result_of(Operation::Kind::fold, parts.front().payload);
  }
  Payload finish(Payload merged, Cut) override { return result_of(Operation::Kind::finish, merged); }

  /// A log of somebody else's training has no folds.
  bool comes(Operation::Kind kind) const { return at_ < steps_.size() && steps_[at_].kind == kind; }
  Cost cost_of(Operation::Kind kind) const { return comes(kind) ? steps_[at_].cost : Cost{}; }
  Payload result_of(Operation::Kind kind, const Payload& otherwise) {
    return comes(kind) ? payloads_.at(take().shadow) : otherwise;
  }

  const std::vector<Recording::Step>& steps_;
  const std::vector<Payload>& payloads_;
  std::size_t at_ = 0;
  std::uint64_t finished_ = 0;
  Shape shape_ = Shape::local;
};

Replayed::Replayed(Recording recording) : recording_(std::move(recording)) {
  for (const Shadow& shadow : recording_.shadows) {
    payloads_.push_back(Payload::sized(shadow.sizes, shadow.information_bits));
  }
  for (const auto& steps : recording_.nodes) players_.push_back(std::make_unique<Player>(steps, payloads_));
}

Replayed::~Replayed() = default;

Learner& Replayed::learner(Rank rank) { return *players_.at(rank.value); }

Task<> Replayed::serve(std::uint64_t, Hub& hub) {
  std::vector<Rank> everybody;
  co_await players_.back()->serve(hub, std::move(everybody));
}

Task<> Replayed::serve_cohort(std::uint64_t, std::vector<Rank> members, Hub& hub) {
  cohorts_ = true;
  co_await players_.back()->serve(hub, std::move(members));
}

std::function<Evaluation()> Replayed::evaluation(Rank of) {
  const Player& owner = cohorts_ ? *players_.back() : *players_.at(of.value);
  auto known = recording_.evaluations.find(owner.finished());  // of the model as its owner has it now
  Evaluation evaluation = known == recording_.evaluations.end() ? Evaluation{} : known->second;
  return [evaluation] { return evaluation; };
}

}  // namespace telegrad::programs
