#pragma once

#include <map>
#include <utility>
#include <vector>

#include "sim/results/digest.h"

namespace telegrad::results {

/// Watches a run and makes its digest.
class Digester final : public Observer {
 public:
  Digester(NodeId hub, std::optional<double> phy_rate_mbps) : hub_(hub), phy_rate_mbps_(phy_rate_mbps) {}

  void message(const MessageRecord& record) override;
  void span(NodeId node, std::uint64_t round, Phase phase, SimTime from, SimTime to) override;
  void round(const RoundRecord& record) override;
  void evaluated(std::uint64_t round, const Evaluation& evaluation) override;

  /// After the run: the rounds that ended and the goodput; the rest of the digest is the caller's to fill in.
  Digest finish() &&;

 private:
  struct Open {
    RoundTrace trace;
    RoundDigest digest;
    bool ended = false;
  };

  RoundDigest* of_round(std::uint64_t round);
  void close_before(std::uint64_t round);
  double busy_s();

  NodeId hub_;
  std::optional<double> phy_rate_mbps_;
  std::map<std::uint64_t, Open> open_;
  std::map<std::uint64_t, Evaluation> evaluations_;
  std::vector<RoundDigest> done_;  // in the order of their numbers
  std::uint64_t closed_before_ = 0;
  std::vector<std::pair<SimTime, SimTime>> flights_;  // queued, delivered
  std::uint64_t delivered_bytes_ = 0;
};

}  // namespace telegrad::results
