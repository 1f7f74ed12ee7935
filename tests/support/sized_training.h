#pragma once

#include <functional>

#include "sim/programs/no_fold.h"
#include "sim/programs/transfer.h"

namespace telegrad::testing_support {

/// What a training costs its network and its devices in each round.
struct RoundOf {
  std::function<std::uint64_t(std::uint64_t round)> up_bytes;
  std::function<std::uint64_t(std::uint64_t round)> down_bytes;
  Cost gradient;
  Cost decode;
};

/// As programs::Transfer, with compute times, and with sizes that may change from round to round.
class SizedTraining final : public Training {
 public:
  SizedTraining(std::uint32_t workers, RoundOf round) : round_(std::move(round)) {
    facts_.portions.resize(workers);
    for (std::uint32_t i = 0; i < workers; ++i) learners_.push_back(std::make_unique<Sender>(round_));
  }
  const TrainingFacts& facts() const override { return facts_; }
  Learner& learner(Rank rank) override { return *learners_.at(rank.value); }
  Task<> serve(std::uint64_t round, Hub& hub) override {
    auto parts = co_await hub.collect();
    hub.publish(programs::sized_payload(round_.down_bytes(round), hub.cut(Shape::local).limit));
  }
  std::function<Evaluation()> evaluation(Rank) override {
    return [] { return Evaluation{}; };
  }

 private:
  class Sender final : public Learner {
   public:
    explicit Sender(const RoundOf& round) : round_(round) {}
    Task<double> step(std::uint64_t round, Exchange& exchange) override {
      co_await exchange.work<void>(Phase::gradient, round_.gradient, nullptr);
      Payload payload = programs::sized_payload(round_.up_bytes(round), exchange.cut(fold_.shape()));
      auto reduced = co_await exchange.reduce(std::move(payload), fold_);
      co_await exchange.work<void>(Phase::decode, round_.decode, nullptr);
      co_return 0.0;
    }

   private:
    const RoundOf& round_;
    programs::NoFold fold_;
  };

  const RoundOf round_;
  TrainingFacts facts_;
  std::vector<std::unique_ptr<Sender>> learners_;
};

/// The same sizes in every round; the gradient takes so long on the devices below.
inline RoundOf steady(std::uint64_t bytes, SimTime gradient) {
  auto same = [bytes](std::uint64_t) { return bytes; };
  return {same, same, Cost{.flops = seconds(gradient) * 1e9, .bytes = 0}, Cost{.flops = 0, .bytes = 1e6}};
}

/// 1 GFLOP/s and 1 GB/s, with this jitter.
inline Devices plain_devices(std::uint32_t workers, double jitter_sigma) {
  DeviceProfile profile{
      .name = "test", .flops_per_s = 1e9, .codec_bytes_per_s = 1e9, .active_power_w = {}, .source = "test"};
  return Devices(profile, std::vector<double>(workers + 1, 1.0), jitter_sigma, 3);
}

}  // namespace telegrad::testing_support
