#pragma once

#include <queue>
#include <unordered_map>
#include <vector>

#include "sim/core/network.h"
#include "sim/core/sampling.h"
#include "sim/core/shared_time.h"

namespace telegrad {

/// Stands between the mail and the medium of a network that samples: carries the messages whose passage is drawn,
/// and watches how the others go. It changes over only while no message is under way, so that what shares the
/// medium in reality never is divided.
class Network::FastForward final : public Waiter {
 public:
  FastForward(Network& network, const SamplingSettings& settings, SharedTime::Medium medium);

  /// A message is sent. True: it is drawn, and the medium must not see it.
  bool takes(std::uint64_t id, MessageRecord& message);
  /// A message is over.
  void settled(std::uint64_t id, const MessageRecord& message);

  Sampling& sampling() { return sampling_; }

 private:
  struct Watched {
    MessageKey key;
    std::uint64_t control_bytes = 0;  // as it was sent
    double joined = 0;
  };
  struct Carried {
    double due = 0;  // on the shared time
    std::uint64_t id = 0;
    double sent = 0, arrived = 0;  // shares of its duration
    bool operator>(const Carried& other) const { return due != other.due ? due > other.due : id > other.id; }
  };

  void carry(std::uint64_t id, const Passage& passage);
  void woken() override;
  void wait_for_next();

  Sampling sampling_;
  bool drawing_ = false;
  SharedTime simulated_time_;
  SharedTime drawn_time_;
  std::unordered_map<std::uint64_t, Watched> watched_;
  std::priority_queue<Carried, std::vector<Carried>, std::greater<>> carried_;
};

}  // namespace telegrad
