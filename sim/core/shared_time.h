#pragma once

#include <cmath>
#include <cstddef>

#include "sim/core/types.h"

namespace telegrad {

/// Shares time out among those that are under way: while n are, each gets 1/n of it (processor sharing). What a
/// message takes of a medium is then its own, whoever else was sending; the sum over all messages is the time in
/// which the medium was busy. Where nothing is shared, each gets all of it.
class SharedTime final {
 public:
  enum class Medium { shared, separate };
  explicit SharedTime(Medium medium) : medium_(medium) {}

  /// Nanoseconds that each has had so far; joins and leaves are told in the order of time.
  double join(SimTime now) {
    advance(now);
    if (members_++ == 0) share_ = 0;
    return share_;
  }
  double leave(SimTime now) {
    advance(now);
    --members_;
    return share_;
  }
  double at(SimTime now) {
    advance(now);
    return share_;
  }
  /// When each will have had so much, if nobody joins or leaves before.
  SimTime when(double share) const {
    double left = std::ceil((share - share_) * divisor() - kRounding);
    return last_ + SimTime{left > 0 ? static_cast<std::int64_t>(left) : 0};
  }
  /// Has each had so much?
  bool reached(double share) const { return share <= share_ + kRounding; }
  std::size_t members() const { return members_; }

 private:
  static constexpr double kRounding = 1e-2;  // ns

  double divisor() const { return medium_ == Medium::shared ? static_cast<double>(members_) : 1.0; }
  void advance(SimTime now) {
    if (members_ > 0) share_ += static_cast<double>((now - last_).count()) / divisor();
    last_ = now;
  }

  const Medium medium_;
  std::size_t members_ = 0;
  double share_ = 0;  // since the medium was last silent
  SimTime last_{};
};

}  // namespace telegrad
