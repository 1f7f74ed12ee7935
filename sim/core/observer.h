#pragma once

#include <cstdint>
#include <optional>

#include "sim/core/operation.h"
#include "sim/core/types.h"

namespace telegrad {

/// One message as one receiver saw it. Times are simulated; kNever where it did not happen.
struct MessageRecord {
  NodeId from;
  NodeId to;
  std::uint64_t round = 0;
  const char* purpose = "";
  std::uint32_t channel = 0;
  std::uint32_t blocks = 0;
  std::uint32_t lost_blocks = 0;
  std::uint64_t bytes = 0;             // serialised, of all blocks
  std::uint64_t information_bits = 0;  // the literature's size
  std::uint64_t control_bytes = 0;     // verdicts and markers
  SimTime queued{};
  SimTime sent = kNever;       // first byte handed to the medium
  SimTime arrived = kNever;    // last data block at the receiver
  SimTime delivered = kNever;  // closed and handed over
  Outcome outcome = Outcome::failed;
  bool overheard = false;       // one transmission for several receivers: its bytes count in another's record
  bool fast_forwarded = false;  // its times were drawn, not simulated
};

/// Bytes that the radios sent, headers, acknowledgements and retransmissions included, since time 0.
struct OnAir {
  std::uint64_t up = 0;    // by workers
  std::uint64_t down = 0;  // by the hub
  // Of those, frames that the MAC sent again, with their headers. What TCP sends again is a new frame.
  std::uint64_t retransmitted_up = 0;
  std::uint64_t retransmitted_down = 0;

  OnAir operator-(const OnAir& earlier) const {
    return {up - earlier.up, down - earlier.down, retransmitted_up - earlier.retransmitted_up,
            retransmitted_down - earlier.retransmitted_down};
  }
};

/// How good a model is. Absent where it was not asked for.
struct Evaluation {
  std::optional<double> validation_accuracy;
  std::optional<double> validation_loss;
  std::optional<double> test_accuracy;
  std::optional<double> test_loss;
};

/// A round ends when its last worker has applied its update.
struct RoundRecord {
  std::uint64_t round = 0;  // from 1
  SimTime begin{};          // the end of the round before
  SimTime end{};
  double train_loss = 0;  // mean over the workers' batches
  std::uint32_t participants = 0;
  std::optional<OnAir> on_air;  // in this round; absent where the network does not model it
  bool fast_forwarded = false;  // messages of it were drawn, not simulated
};

/// Told when a collection closes, and again when a contribution comes that was missing.
struct ContributionRecord {
  NodeId node;  // the worker
  std::uint64_t round = 0;
  std::uint64_t operation = 0;  // the worker's: a method may collect several times in a round
  Fate fate = Fate::missing;
  SimTime arrived = kNever;
  SimTime closed{};  // the collection
};

/// Sees what happens, in the order of simulated time, on the event thread. Results, fingerprints, progress and
/// recordings are observers.
class Observer {
 public:
  virtual ~Observer() = default;
  virtual void message(const MessageRecord&) {}
  virtual void span(NodeId, std::uint64_t /*round*/, Phase, SimTime /*from*/, SimTime /*to*/) {}
  virtual void round(const RoundRecord&) {}
  virtual void contribution(const ContributionRecord&) {}
  /// What a node's training did to its exchange; of use to recordings only.
  virtual void operation(NodeId, const Operation&) {}
  /// The model as it was when `round` ended; follows the end of the next round.
  virtual void evaluated(std::uint64_t /*round*/, const Evaluation&) {}
};

}  // namespace telegrad
