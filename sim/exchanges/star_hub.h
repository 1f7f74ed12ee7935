#pragma once

#include <map>
#include <optional>

#include "sim/core/exchange.h"
#include "sim/exchanges/downlink.h"
#include "sim/exchanges/verdict.h"

namespace telegrad::exchanges {

/// The hub of a star: collects contributions until its Wait policy closes, answers with the merged payload and
/// tells every worker what became of its contributions.
class StarHub final : public Hub {
 public:
  StarHub(const Host& host, std::uint32_t workers, const Wait& wait, Replicas replicas);

  std::uint32_t ranks() const override { return static_cast<std::uint32_t>(members_.size()); }
  Cut cut(Shape) const override;
  void invite(std::span<const Rank> members, std::span<const float> weights, Payload model) override;
  Task<std::vector<Part>> collect() override;
  std::uint32_t contributions() const override { return contributions_; }
  const std::vector<Rank>& punctual() const override { return punctual_; }
  void publish(Payload merged) override;
  Task<Payload> share(Rank origin, Payload payload) override;

 private:
  struct Notice {
    Verdict verdict;
    std::uint32_t answers;  // that still carry it
  };
  struct Missed {
    std::uint64_t round;
    SimTime closed;
  };
  struct Member {
    bool invited = true;
    std::uint64_t operation = 1;             // the next one that this worker takes part in
    std::optional<Payload> contribution;     // to that operation
    SimTime arrived = kNever;                // it did
    std::vector<Notice> notices;             // for its next answers
    std::map<std::uint64_t, Missed> missed;  // operations that were closed without it
  };

  void take(Delivery delivery);
  void notify(Member& member, Verdict verdict);
  Answer answer_to(Member& member) const;
  void close(std::uint32_t rank);
  std::string missing() const;

  Downlink down_;
  bool shares_arrive_;  // whole, at the hub
  Wait wait_;
  std::vector<Member> members_;  // by rank
  std::vector<Part> late_;       // deferred to the collection that is open
  std::uint32_t invited_ = 0;
  std::uint32_t arrived_ = 0;
  std::uint32_t contributions_ = 0;
  std::vector<Rank> punctual_;
  SimTime first_ = kNever;  // arrival of the open collection
  SimTime closed_{};        // the latest collection
};

}  // namespace telegrad::exchanges
