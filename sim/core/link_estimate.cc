#include "sim/core/link_estimate.h"

#include <algorithm>

namespace telegrad {
namespace {

constexpr double kFading = 0.95;  // a message counts half after 14 others

}  // namespace

void LinkEstimate::add(double bytes, double seconds) {
  if (!first_) first_ = bytes;
  known_ = known_ || bytes != *first_;
  weight_ = kFading * weight_ + 1;
  bytes_ = kFading * bytes_ + bytes;
  seconds_ = kFading * seconds_ + seconds;
  squares_ = kFading * squares_ + bytes * bytes;
  products_ = kFading * products_ + bytes * seconds;
  const double mean_bytes = bytes_ / weight_;
  const double mean_seconds = seconds_ / weight_;
  const double spread = squares_ / weight_ - mean_bytes * mean_bytes;
  // Sizes that hardly differ any more say nothing new of the slope.
  if (spread > 1e-6 * mean_bytes * mean_bytes) {
    per_byte_ = std::max(0.0, (products_ / weight_ - mean_bytes * mean_seconds) / spread);
  }
  latency_ = mean_seconds - mean_bytes * per_byte_;
  if (latency_ < 0) {
    latency_ = 0;
    per_byte_ = squares_ > 0 ? products_ / squares_ : 0;
  }
}

}  // namespace telegrad
