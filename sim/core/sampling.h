#pragma once

#include <cstdint>
#include <map>
#include <optional>

#include "sim/core/communication_model.h"
#include "sim/core/observer.h"

namespace telegrad {

/// Fast-forward: some rounds are simulated packet by packet, the communication of the others is drawn from them.
struct SamplingSettings {
  std::uint64_t rounds = 32;  // to simulate: half at the start, the rest in bursts; more where they vary much
  double tolerance = 0.02;    // error of communication times, relative to the time of whole rounds
  std::uint64_t seed = 1;     // of the network
  std::optional<std::uint64_t> last_round;  // of the run, where it is known
};

/// What became of it.
struct SamplingReport {
  std::uint64_t rounds = 0;  // as asked
  double tolerance = 0;
  std::uint64_t fast_forwarded = 0;  // rounds that have drawn messages
  std::uint64_t simulated = 0;       // the others
  /// Half width of the 95 % interval round the time of the fast-forwarded rounds that holds what they take in the
  /// full run, relative to that time.
  std::optional<double> interval;
  /// Communication time of all held-out rounds minus what the model expects of them, relative to their time.
  std::optional<double> held_out_error;
  /// From this round on all are simulated, because held-out rounds missed the tolerance.
  std::optional<std::uint64_t> gave_up_after;
};

/// Decides which rounds are simulated, learns from them, and draws the messages of the others. Knows nothing of
/// clocks and events. The communication time of a round is the time that a message of it was under way; an
/// instant at which several are under way is shared out evenly among them, so that rounds add up. All errors are
/// relative to the time of whole rounds: what is computed is exact.
///
/// Schedule: the start is simulated until the 95 % interval of the mean communication time, with the rounds that
/// are still to be held out, is within the tolerance. Then bursts, at even intervals, or where the last round is not known each as far again as the burst
/// before. The first round of a burst follows a pause and is kept apart; the others are held out: compared with
/// what the model expects, then learnt from. When the sum of all differences is beyond the tolerance and beyond
/// the 99 % interval of what chance explains, the burst goes on; when it still is then, nothing is drawn any
/// more. The differences are recursive residuals
/// (Brown, Durbin and Evans 1975): independent of one another while the model holds.
class Sampling final {
 public:
  explicit Sampling(const SamplingSettings& settings);

  /// Should this round be simulated?
  bool simulates(std::uint64_t round) const;
  /// Names a message that is being sent.
  MessageKey enter(const MessageRecord& message);
  /// How it goes; nothing where nothing like it was simulated: then it must be, and so are some rounds after it.
  std::optional<Passage> draw(const MessageKey& key, const MessageRecord& message);
  /// A message that was drawn, or simulated and went like this, is over.
  void drawn(const MessageRecord& message);
  void simulated(const MessageKey& key, const MessageRecord& message, const Passage& passage);
  /// The round is over: marks it, and gives what was drawn of it its bytes on the air.
  void close(RoundRecord& round);

  SamplingReport report() const;
  const CommunicationModel& model() const { return model_; }

 private:
  struct Open {
    std::map<MessageKey, std::uint32_t> sent;  // how many alike
    SampledRound simulated;
    std::uint32_t under_way = 0;
    bool spoiled = false;  // something was lost
    std::optional<std::size_t> pick;
    double drawn_bytes = 0;
  };
  struct HeldOut {
    double difference = 0, variance = 0;  // of communication times, ns, ns^2
    double duration = 0;                  // of the rounds, ns
  };

  void mark(RoundRecord& round, const Open& open) const;
  void learn(std::uint64_t round, SampledRound simulated);
  void compare(const SampledRound& held_out);
  bool within_tolerance() const;
  bool misses() const;
  void plan(std::uint64_t after);

  const SamplingSettings settings_;
  const std::uint64_t first_samples_;
  const std::uint64_t bursts_;
  CommunicationModel model_;
  std::map<std::uint64_t, Open> open_;
  bool starting_ = true;
  std::uint64_t started_ = 0;  // the last round of the start
  std::uint64_t bursts_done_ = 0;
  std::optional<std::uint64_t> burst_;  // its first round
  std::uint32_t held_out_left_ = 0;     // in this burst
  std::uint64_t fresh_until_ = 0;       // simulated because of new sizes
  HeldOut held_out_;
  bool suspected_ = false;     // of missing the tolerance
  double drawn_duration_ = 0;  // ns
  SamplingReport report_;
};

}  // namespace telegrad
