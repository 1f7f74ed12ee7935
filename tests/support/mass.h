#pragma once

// A training whose gradients are amounts of mass: each block of a payload holds one number, folding adds, and what
// comes back is put into the next contribution. So every loss, refusal and deferral shows in the sum.

#include <atomic>
#include <cstring>
#include <vector>

#include "sim/core/training.h"

namespace telegrad::testing_support {

inline Block mass_block(double mass, std::uint32_t size = 64) {
  std::vector<std::byte> bytes(size);
  std::memcpy(bytes.data(), &mass, sizeof mass);
  return Block::of(std::move(bytes));
}

inline double mass_of(const Payload& payload) {
  double sum = 0;
  for (const Block& block : payload.blocks()) {
    if (block.lost || block.size < sizeof sum) continue;
    double mass = 0;
    std::memcpy(&mass, block.data, sizeof mass);
    sum += mass;
  }
  return sum;
}

class MassTraining final : public Training {
 public:
  MassTraining(std::uint32_t workers, std::uint32_t blocks, SimTime slow_by = {}, Shape shape = Shape::linear)
      : shape_(shape) {
    facts_.portions.resize(workers);
    for (std::uint32_t i = 0; i < workers; ++i) {
      learners_.push_back(std::make_unique<MassLearner>(*this, i, blocks, slow_by * i));
    }
  }

  const TrainingFacts& facts() const override { return facts_; }
  Learner& learner(Rank rank) override { return *learners_.at(rank.value); }
  Task<> serve(std::uint64_t, Hub& hub) override {
    auto parts = co_await hub.collect();
    for (const Part& part : parts) {
      applied_ += mass_of(part.payload);
      aged_ += part.age > 0 ? 1 : 0;
    }
    std::vector<Block> answer(1, mass_block(applied_));
    hub.publish(Payload(std::move(answer)));
  }
  Task<> serve_cohort(std::uint64_t round, std::vector<Rank> members, Hub& hub) override {
    const std::vector<float> weights(members.size(), 1.0F);
    std::vector<Block> model(1, mass_block(0));
    hub.invite(members, weights, Payload(std::move(model)));
    co_await serve(round, hub);
  }
  std::function<Evaluation()> evaluation(Rank) override {
    return [] { return Evaluation{}; };
  }

  double created() const { return created_; }
  double applied() const { return applied_; }
  std::uint64_t aged() const { return aged_; }
  /// What learners hold back: returned, to be sent again.
  double held() const {
    double sum = 0;
    for (const auto& learner : learners_) sum += learner->held_;
    return sum;
  }
  /// Mass of all contributions on their way, or whose verdict was not heard.
  double sent() const { return sent_; }
  double returned() const { return returned_; }
  /// Of that, heard by clients that were busy until their round was over.
  double returned_later() const { return returned_later_; }
  /// Of that, in blocks that hold more than one worker's.
  double returned_sums() const { return returned_sums_; }

 private:
  class MassLearner final : public Learner, private Fold {
   public:
    MassLearner(MassTraining& all, std::uint32_t rank, std::uint32_t blocks, SimTime slow_by)
        : all_(all), rank_(rank), blocks_(blocks), slow_by_(slow_by) {}
    Task<double> step(std::uint64_t round, Exchange& exchange) override {
      co_await exchange.network().sleep(slow_by_);
      double fresh = static_cast<double>(round * 100 + rank_ + 1);
      all_.created_ += fresh;
      double mass = held_ + fresh;
      held_ = 0;
      all_.sent_ += mass;
      std::vector<Block> blocks;
      const std::uint32_t count = blocks_ * exchange.cut(all_.shape_).pieces;
      for (std::uint32_t i = 0; i < count; ++i) blocks.push_back(mass_block(mass / count));
      Payload payload(std::move(blocks));
      auto reduced = co_await exchange.reduce(std::move(payload), *this);
      held_ += mass_of(reduced.returned);
      all_.returned_ += mass_of(reduced.returned);
      for (const Block& block : reduced.returned.blocks()) {
        if (block.size == 80) all_.returned_sums_ += mass_of(Payload(std::vector<Block>(1, block)));
      }
      if (all_.folded_by_workers_ && rank_ == 0) all_.applied_ += mass_of(reduced.merged);  // the same at all
      co_return mass;
    }
    Task<> visit(Invitation invitation, LocalWork, Exchange& exchange, Learnt learnt) override {
      const std::uint64_t round = invitation.round;
      double mass = co_await step(round, exchange);
      learnt(mass);
    }
    Task<> miss(Exchange& exchange) override {
      auto reduced = co_await exchange.follow();
      held_ += mass_of(reduced.returned);
      all_.returned_ += mass_of(reduced.returned);
      all_.returned_later_ += mass_of(reduced.returned);
    }

   private:
    friend class MassTraining;
    Shape shape() const override { return all_.shape_; }
    /// Block by block; larger ones than before, so that it shows whose they are.
    Payload fold(std::span<const Part> parts, Cut) override {
      all_.folded_by_workers_ = true;
      std::vector<Block> sums;
      for (std::size_t i = 0; i < parts.front().payload.blocks().size(); ++i) {
        double sum = 0;
        for (const Part& part : parts) sum += mass_of(part.payload.slice(i, i + 1));
        sums.push_back(mass_block(sum, 80));
      }
      return Payload(std::move(sums));
    }
    MassTraining& all_;
    std::uint32_t rank_, blocks_;
    SimTime slow_by_;
    double held_ = 0;
  };

  const Shape shape_;
  TrainingFacts facts_;
  std::vector<std::unique_ptr<MassLearner>> learners_;
  std::atomic<bool> folded_by_workers_ = false;
  double created_ = 0, applied_ = 0, sent_ = 0, returned_ = 0, returned_sums_ = 0, returned_later_ = 0;
  std::uint64_t aged_ = 0;
};

}  // namespace telegrad::testing_support
