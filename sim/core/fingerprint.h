#pragma once

#include <string>
#include <vector>

#include "sim/core/observer.h"

namespace telegrad {

/// A hash of all that a run's results are made of: rounds, nodes, bytes, nanoseconds, losses and accuracies.
/// Equal for the same binary, scenario and seeds, whatever the threads and the process.
class Fingerprint final : public Observer {
 public:
  void message(const MessageRecord& record) override;
  void round(const RoundRecord& record) override;
  void evaluated(std::uint64_t round, const Evaluation& evaluation) override;

  std::string text() const;  // 16 hexadecimal digits

 private:
  void add(std::uint64_t word);
  void add(double number);
  void add(SimTime time) { add(static_cast<std::uint64_t>(time.count())); }

  std::uint64_t hash_ = 0xcbf29ce484222325;
};

/// Several observers as one, told in this order.
class Observers final : public Observer {
 public:
  void add(Observer& observer) { all_.push_back(&observer); }
  void message(const MessageRecord& record) override;
  void span(NodeId node, std::uint64_t round, Phase phase, SimTime from, SimTime to) override;
  void round(const RoundRecord& record) override;
  void operation(NodeId node, const Operation& operation) override;
  void evaluated(std::uint64_t round, const Evaluation& evaluation) override;
  void contribution(const ContributionRecord& record) override;

 private:
  std::vector<Observer*> all_;
};

}  // namespace telegrad
