#pragma once

#include <optional>

#include "sim/core/exchange.h"
#include "sim/exchanges/verdict.h"

namespace telegrad::exchanges {

/// The hub of a star: collects contributions until its Wait policy closes, answers with the merged payload and
/// tells every worker what became of its contributions.
class StarHub final : public Hub {
 public:
  StarHub(const Host& host, std::uint32_t workers, const Wait& wait);

  std::uint32_t ranks() const override { return static_cast<std::uint32_t>(members_.size()); }
  Cut cut(Shape) const override;
  void cohort(std::vector<Rank> members) override;
  Task<std::vector<Part>> collect() override;
  std::uint32_t contributions() const override { return contributions_; }
  void publish(Payload merged) override;
  Task<Payload> share(Rank origin, Payload payload) override;

 private:
  struct Notice {
    Verdict verdict;
    std::uint32_t answers;  // that still carry it
  };
  struct Member {
    bool invited = true;
    std::uint64_t operation = 1;          // the next one that this worker takes part in
    std::optional<Payload> contribution;  // to that operation
    std::vector<Notice> notices;          // for its next answers
  };

  void take(Delivery delivery);
  void notify(Member& member, Verdict verdict);
  Answer answer_to(Member& member) const;
  std::string missing() const;

  Wait wait_;
  std::vector<Member> members_;  // by rank
  std::vector<Part> late_;       // deferred to the collection that is open
  std::uint32_t invited_ = 0;
  std::uint32_t arrived_ = 0;
  std::uint32_t contributions_ = 0;
  SimTime first_ = kNever;
};

}  // namespace telegrad::exchanges
