#pragma once

#include <cstddef>
#include <functional>

#include "training/methods/clat_efficiency.h"

namespace telegrad::training {

/// The size of a message of T entries, P(T) = fixed + T * each, in bits.
struct MessageBits {
  double fixed = 0;
  double each = 0;
  double of(double entries) const { return fixed + entries * each; }
};

/// What it costs to send a message, in any one unit.
class CommunicationCost {
 public:
  /// C = P(T), bits.
  static CommunicationCost payload() { return affine(1, 0); }
  /// C = c1 P(T) + c0.
  static CommunicationCost affine(double per_bit, double fixed);
  /// C = c1 ceil(P(T) / Pmax) + c0: entries may straddle packets of Pmax bits.
  static CommunicationCost packet_bits(double per_packet, double fixed, double packet_bits);
  /// C = c1 ceil(T / tau) + c0, tau the entries that fit whole into Pmax bits beside the fixed part, which every
  /// packet carries. tau must not be 0.
  static CommunicationCost packet_entries(double per_packet, double fixed, double packet_bits);
  /// C = what a model of the link says of so many bytes: seconds or joules.
  static CommunicationCost measured(std::function<double(double bytes)> of_bytes);

  double of(double entries, const MessageBits& message) const;
  /// The mean cost where the number of entries is random: exact where the cost is affine; packets take the number
  /// as normal, rounded to whole entries; `measured` takes its mean.
  double expected(double mean, double variance, const MessageBits& message) const;

  /// Whole entries that fit into one packet.
  static double entries_per_packet(double packet_bits, const MessageBits& message);

 private:
  enum class Kind { affine, packet_bits, packet_entries, measured };
  CommunicationCost(Kind kind, double slope, double fixed, double packet)
      : kind_(kind), slope_(slope), fixed_(fixed), packet_(packet) {}
  double packets(double entries, const MessageBits& message) const;

  Kind kind_;
  double slope_;
  double fixed_;
  double packet_;  // bits
  std::function<double(double)> of_bytes_;
};

struct ClatChoice {
  std::size_t entries = 0;  // 0 for the zero vector
  double efficiency = 0;
  double cost = 0;
};

/// T* = argmax of efficiency / cost over 1 .. support; the smallest of equal ones.
ClatChoice tune(const ClatEfficiency& vector, ClatMode mode, const CommunicationCost& cost,
                const MessageBits& message);

}  // namespace telegrad::training
