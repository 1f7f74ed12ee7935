#pragma once

#include <memory>
#include <vector>

#include "training/learning/population.h"

namespace telegrad::training {

/// See GivenTraining.
class Given final : public GivenTraining {
 public:
  Given(std::vector<GivenGradient> gradients, const Value& compression, std::uint64_t seed);

  const TrainingFacts& facts() const override { return facts_; }
  Learner& learner(Rank rank) override { return *learners_.at(rank.value); }
  Task<> serve(std::uint64_t round, Hub& hub) override;
  std::function<Evaluation()> evaluation(Rank) override {
    return [] { return Evaluation{}; };
  }
  const std::vector<float>& update() const override { return update_; }
  const std::vector<double>& sum_of_updates() const override { return sum_; }

 private:
  class Feeding;

  void keep(const Update& update);

  std::vector<GivenGradient> gradients_;
  Layout layout_;
  TrainingFacts facts_;
  std::unique_ptr<Method> method_;
  std::vector<std::unique_ptr<Learner>> learners_;
  std::vector<float> update_;
  std::vector<double> sum_;
};

}  // namespace telegrad::training
