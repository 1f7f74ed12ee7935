#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <functional>

namespace telegrad {

/// Time on the simulated clock. Host time is never mixed with it.
using SimTime = std::chrono::nanoseconds;

constexpr double seconds(SimTime time) { return std::chrono::duration<double>(time).count(); }

/// Rounds to the nearest nanosecond.
constexpr SimTime from_seconds(double value) {
  return SimTime{static_cast<std::int64_t>(value * 1e9 + (value < 0 ? -0.5 : 0.5))};
}

inline constexpr SimTime kNever = SimTime::max();

/// A place in the network. With N workers, worker of rank r is node r and the hub, where there is one, node N.
struct NodeId {
  std::uint32_t value = 0;
  auto operator<=>(const NodeId&) const = default;
};

/// A worker's number within its group; sums are folded in the order of ranks.
struct Rank {
  std::uint32_t value = 0;
  auto operator<=>(const Rank&) const = default;
};

inline constexpr Rank hub_rank{~0u};

/// Names the mailbox of a message: both ends count the operations on a channel alike.
struct Tag {
  std::uint32_t channel = 0;    // bucket or level: what runs concurrently has channels of its own
  std::uint64_t operation = 0;  // counted per channel
  std::uint32_t step = 0;       // leg of the operation
  auto operator<=>(const Tag&) const = default;
};

/// Which way a message goes: up what is on its way to be folded, down what has been folded or is shared, whoever
/// sends it. A network may treat the two differently; only what goes up may be lost without harm. Repair, either way, is
/// what was lost on the way down and is asked for again: a network loses nothing of it.
enum class Leg : std::uint8_t { up, down, repair };

/// What a sender can honestly know of a message.
enum class Outcome : std::uint8_t { delivered, partial, lost, failed };

const char* to_string(Outcome outcome);

/// Where simulated time of a worker's or the hub's host work goes.
enum class Phase : std::uint8_t { gradient, encode, queue, air, closing, wait, fold, decode, apply };

const char* to_string(Phase phase);

/// What became of a contribution that a hub asked for.
enum class Fate : std::uint8_t {
  applied,
  partly,   // some of its blocks were lost
  missing,  // not there when the collection closed, and not since
  dropped,  // late, and one of Late's three
  returned,
  deferred,
};
const char* to_string(Fate fate);

}  // namespace telegrad

template <>
struct std::hash<telegrad::NodeId> {
  std::size_t operator()(telegrad::NodeId id) const noexcept { return id.value; }
};
