#include "training/methods/clat_cost.h"

#include <cmath>
#include <numbers>
#include <utility>

namespace telegrad::training {

CommunicationCost CommunicationCost::affine(double per_bit, double fixed) {
  return {Kind::affine, per_bit, fixed, 0};
}

CommunicationCost CommunicationCost::packet_bits(double per_packet, double fixed, double packet_bits) {
  return {Kind::packet_bits, per_packet, fixed, packet_bits};
}

CommunicationCost CommunicationCost::packet_entries(double per_packet, double fixed, double packet_bits) {
  return {Kind::packet_entries, per_packet, fixed, packet_bits};
}

CommunicationCost CommunicationCost::measured(std::function<double(double bytes)> of_bytes) {
  CommunicationCost cost{Kind::measured, 0, 0, 0};
  cost.of_bytes_ = std::move(of_bytes);
  return cost;
}

double CommunicationCost::entries_per_packet(double packet_bits, const MessageBits& message) {
  return std::floor((packet_bits - message.fixed) / message.each);
}

double CommunicationCost::packets(double entries, const MessageBits& message) const {
  if (kind_ == Kind::packet_bits) return std::ceil(message.of(entries) / packet_);
  return std::ceil(entries / entries_per_packet(packet_, message));
}

double CommunicationCost::of(double entries, const MessageBits& message) const {
  if (kind_ == Kind::measured) return of_bytes_(std::ceil(message.of(entries) / 8));
  return slope_ * (kind_ == Kind::affine ? message.of(entries) : packets(entries, message)) + fixed_;
}

double CommunicationCost::expected(double mean, double variance, const MessageBits& message) const {
  if (kind_ == Kind::affine || kind_ == Kind::measured || variance <= 0) return of(mean, message);
  constexpr double kReach = 8;  // deviations; beyond them no double tells the tail from 0
  const double deviation = std::sqrt(variance);
  const auto most = [&](double count) {  // entries that so many packets hold
    if (kind_ == Kind::packet_entries) return count * entries_per_packet(packet_, message);
    return std::floor((count * packet_ - message.fixed) / message.each);
  };
  // The mean of a count is the sum of P(more than n) over n = 0, 1, ...; the first ones are certain.
  double count = std::max(0.0, packets(std::max(0.0, std::floor(mean - kReach * deviation)), message) - 1);
  double sum = count;
  while (most(count) < mean + kReach * deviation) {
    const double above = (most(count) + 0.5 - mean) / deviation;
    sum += 0.5 * std::erfc(above / std::numbers::sqrt2);
    ++count;
  }
  return slope_ * sum + fixed_;
}

ClatChoice tune(const ClatEfficiency& vector, ClatMode mode, const CommunicationCost& cost,
                const MessageBits& message) {
  // Equal in exact arithmetic, two ratios may differ by rounding; a later one must be clearly better.
  constexpr double kClearly = 1 + 1e-12;
  ClatChoice best;
  for (std::size_t entries = 1; entries <= vector.support(); ++entries) {
    const auto count = static_cast<double>(entries);
    const double efficiency = vector.of(mode, count);
    const double price = mode == ClatMode::stochastic
                             ? cost.expected(count, vector.drawn_variance(count), message)
                             : cost.of(count, message);
    const bool better = best.entries == 0 || efficiency * best.cost > best.efficiency * price * kClearly;
    if (better) best = {entries, efficiency, price};
  }
  return best;
}

}  // namespace telegrad::training
