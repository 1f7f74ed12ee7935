#pragma once

#include <optional>

namespace telegrad {

/// What a sender has learnt of one of its links from its own messages: seconds(bytes) = latency + bytes * rate, the
/// line of least squares, in which older messages fade. Waiting for others on a shared medium is part of it.
class LinkEstimate {
 public:
  /// A message of so many bytes is over after so many seconds.
  void add(double bytes, double seconds);
  /// Whether two sizes were seen, without which there is no line.
  bool known() const { return known_; }
  /// From being sent until the sender knows that it is over. Before it is known: the mean of what was seen.
  double seconds(double bytes) const { return latency_ + bytes * per_byte_; }

  double latency() const { return latency_; }
  double per_byte() const { return per_byte_; }

 private:
  // Weighted sums.
  double weight_ = 0;
  double bytes_ = 0;
  double seconds_ = 0;
  double squares_ = 0;
  double products_ = 0;
  std::optional<double> first_;  // bytes
  bool known_ = false;
  double latency_ = 0;
  double per_byte_ = 0;
};

}  // namespace telegrad
