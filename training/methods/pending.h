#pragma once

#include <algorithm>
#include <cstddef>
#include <deque>
#include <memory>
#include <utility>
#include <vector>

#include "sim/core/payload.h"

namespace telegrad::training {

/// What belongs to each of a worker's payloads that may still be returned. A block finds it by what it belongs to;
/// a payload that was joined has blocks of several.
/// Keeps those of the last 64 rounds, the longest window of verdicts.
template <class T>
class Pending final {
 public:
  explicit Pending(std::size_t payloads_each_round = 1) : most_(kRounds * payloads_each_round) {}

  /// Of a payload without blocks nothing can return.
  void add(const Payload& payload, T what) {
    if (payload.blocks().empty()) return;
    sent_.push_back({{}, std::move(what)});
    std::vector<std::shared_ptr<const void>>& owners = sent_.back().owners;
    for (const Block& block : payload.blocks()) {
      if (owners.empty() || owners.back() != block.owner) owners.push_back(block.owner);
    }
    if (sent_.size() > most_) sent_.pop_front();
  }

  /// nullptr: of no payload that is known, as partial sums are.
  const T* of(const Block& block) const {
    for (const Sent& sent : sent_) {
      if (std::find(sent.owners.begin(), sent.owners.end(), block.owner) != sent.owners.end()) {
        return &sent.what;
      }
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
    std::vector<std::shared_ptr<const void>> owners;  // of the payload's blocks
    T what;
  };

  std::size_t most_;
  std::deque<Sent> sent_;
};

}  // namespace telegrad::training
