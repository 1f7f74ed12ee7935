#pragma once

#include <map>

#include "sim/core/exchange.h"
#include "sim/exchanges/downlink.h"
#include "sim/exchanges/verdict.h"

namespace telegrad::exchanges {

// The legs of a star's operations. Contributions may come late, so they share one mailbox.
inline constexpr std::uint32_t kUp = 1 | kAnyOperation;
inline constexpr std::uint32_t kDown = 2;
inline constexpr std::uint32_t kShareUp = 3;

/// A worker's end of a star: sends up, waits for the answer, and learns from its verdicts what was applied.
class StarWorker final : public Exchange {
 public:
  StarWorker(const Host& host, Rank rank, std::uint32_t workers, Replicas replicas)
      : Exchange(host, NodeId{rank.value}), rank_(rank), workers_(workers), cohort_(workers),
        down_(host.network, NodeId{rank.value}, NodeId{workers}, replicas), replicas_(replicas) {}

  Rank rank() const override { return rank_; }
  std::uint32_t ranks() const override { return workers_; }
  /// What all contributions are needed for may be shared too: it fits the way down as well.
  Cut cut(Shape shape) const override;
  LinkEstimate link() const override { return network().link(node(), hub()); }
  bool has_hub() const override { return true; }
  Task<Payload> share(Rank origin, Payload payload) override;
  Task<Reduced> reduce(Payload payload, Fold& fold) override;
  Task<Invitation> invitation() override;
  bool overtaken() const override { return network().has_mail(node(), Tag{0, next_, kDown}); }
  Task<Reduced> follow() override { return answer(next_++); }

 private:
  NodeId hub() const { return NodeId{workers_}; }
  /// What the hub has sent this worker for an operation, whole where the star repairs.
  Task<Delivery> hear(Word word, std::uint64_t operation, std::function<std::string()> missing);
  Task<Reduced> answer(std::uint64_t operation);
  Payload settle(const Block& control);

  Rank rank_;
  std::uint32_t workers_;
  std::uint32_t cohort_;
  Listener down_;
  Replicas replicas_;
  std::uint64_t next_ = 1;
  std::map<std::uint64_t, Payload> pending_;  // sent, and no verdict heard yet
};

}  // namespace telegrad::exchanges
