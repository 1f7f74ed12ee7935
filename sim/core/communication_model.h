#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "sim/core/observer.h"

namespace telegrad {

/// Tells the messages of a round apart, so that the same one is found in another round.
struct MessageKey {
  NodeId from;
  NodeId to;
  std::uint32_t channel = 0;
  std::string_view purpose;
  std::uint32_t order = 0;  // among those that are otherwise alike
  auto operator<=>(const MessageKey&) const = default;
};

/// How a message went.
struct Passage {
  double bytes = 0;           // payload and control
  double work = 0;            // ns that it took of the medium (SharedTime)
  double sent = 0;            // when its first byte was sent, as a share of queued..delivered
  double arrived = 1;         // when its last block had arrived
  std::uint64_t framing = 0;  // bytes that the transport added
};

/// A round all of whose messages were simulated.
struct SampledRound {
  std::map<MessageKey, Passage> messages;
  std::optional<OnAir> on_air;
  double duration = 0;  // ns, computing included

  double bytes() const;
  double work() const;  // ns
};

/// What messages take of the medium, learnt from simulated rounds. A round is drawn by picking one of them
/// (bootstrap), so that what its messages have in common stays; where sizes differ, each leg (messages of one
/// purpose) has a price per byte, fitted by least squares to how the same message varied over the rounds.
class CommunicationModel final {
 public:
  void add(SampledRound round);
  std::size_t size() const { return rounds_.size(); }
  const SampledRound& operator[](std::size_t pick) const { return rounds_[pick]; }

  /// Has this message been seen, and its leg with sizes like this one (at most a tenth beyond)?
  bool covers(const MessageKey& key, double bytes) const;
  bool covers(const SampledRound& round) const;
  /// The message as it went in this round, or, where that has none, in the next one that does. It is covered.
  Passage draw(std::size_t pick, const MessageKey& key, double bytes) const;

  /// Expected work of a round of these sizes, ns.
  double expected(const SampledRound& like) const;
  double mean() const;           // work of the rounds seen, ns
  double mean_duration() const;  // ns
  /// Standard deviation of a round's work, ns; what differing sizes explain is taken out.
  double deviation() const;
  /// Degrees of freedom of that deviation; 0 where there are too few rounds.
  double freedom() const;
  /// Work of one more byte, ns.
  double slope(std::string_view purpose) const;

 private:
  struct Mean {
    double n = 0, bytes = 0, work = 0;
    void add(const Passage& passage);
  };
  struct Leg {
    double least = 0, most = 0;              // bytes of a message
    double bytes_bytes = 0, bytes_work = 0;  // sums of products of deviations from each message's mean
    Mean mean;
    double slope() const;
  };

  struct Totals {  // of a round
    explicit Totals(const SampledRound& round);
    double work = 0;
    double duration = 0;
    std::map<std::string_view, double> bytes;  // by purpose
  };
  double price(const Totals& round) const;

  std::vector<SampledRound> rounds_;
  std::vector<Totals> totals_;
  std::map<MessageKey, Mean> means_;
  std::map<std::string_view, Leg> legs_;
};

}  // namespace telegrad
