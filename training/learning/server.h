#pragma once

#include <memory>
#include <vector>

#include "training/learning/worker.h"

namespace telegrad::training {

/// The server of cohorts: it has the only model that lasts.
class Server final {
 public:
  /// samples: by rank, where workers count by how many they have; else empty. The others outlive it.
  Server(const Common& common, Method& method, std::vector<double> samples,
         std::shared_ptr<const Replica> initial)
      : common_(common), method_(method), samples_(std::move(samples)), replica_(std::move(initial)) {}

  /// Invites the members with the model, and moves it by the mean of how far they came.
  Task<> serve(std::uint64_t round, std::vector<Rank> members, Hub& hub);
  std::shared_ptr<const Replica> replica() const { return replica_; }

 private:
  std::vector<float> weights(std::span<const Rank> members) const;
  double missing_weight(std::span<const Rank> members, std::span<const Rank> came) const;

  const Common& common_;
  Method& method_;
  std::vector<double> samples_;
  std::shared_ptr<const Replica> replica_;
};

}  // namespace telegrad::training
