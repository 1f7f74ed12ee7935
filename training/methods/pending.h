#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <utility>

#include "sim/core/payload.h"

namespace telegrad::training {

/// What belongs to each of a worker's payloads that may still be returned. A block finds it by what it belongs to.
/// Keeps those of the last 64 rounds, the longest window of verdicts.
template <class T>
class Pending final {
 public:
  explicit Pending(std::size_t payloads_each_round = 1) : most_(kRounds * payloads_each_round) {}

  /// Of a payload without blocks nothing can return.
  void add(const Payload& payload, T what) {
    if (payload.blocks().empty()) return;
    sent_.push_back({payload.blocks().front().owner, std::move(what)});
    if (sent_.size() > most_) sent_.pop_front();
  }

  /// nullptr: of no payload that is known, as partial sums are.
  const T* of(const Block& block) const {
    for (const Sent& sent : sent_) {
      if (sent.owner == block.owner) return &sent.what;
    }
    return nullptr;
  }
  /// For blocks that are of the latest payload where they are of none that is known; nullptr before the first.
  const T* of_or_latest(const Block& block) const {
    const T* known = of(block);
    return known != nullptr || sent_.empty() ? known : &sent_.back().what;
  }

 private:
  static constexpr std::size_t kRounds = 64;

  struct Sent {
    std::shared_ptr<const void> owner;  // of the payload's blocks
    T what;
  };

  std::size_t most_;
  std::deque<Sent> sent_;
};

}  // namespace telegrad::training
