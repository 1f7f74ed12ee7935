#include "sim/core/network.h"

#include <algorithm>

#include "sim/core/errors.h"
#include "sim/core/fast_forward.h"

namespace telegrad {

/// A root coroutine; its first event starts it.
class Network::Actor final : public Waiter {
 public:
  Actor(Network& network, Task<> task) : Waiter(network), task_(std::move(task)) {}
  void start_at(SimTime when) { arm(when); }

 private:
  void woken() override { task_.start(); }
  Task<> task_;
};

/// Looks now and then whether anything has moved.
class Network::Watchdog final : public Waiter {
 public:
  explicit Watchdog(Network& network) : Waiter(network) { look_again(); }

 private:
  void look_again() {
    seen_ = network_.moves_;
    arm(network_.now() + network_.patience_);
  }
  void woken() override {
    constexpr std::uint64_t kThisLook = 1;
    if (network_.moves_ == seen_ + kThisLook && network_.armed_ == 0) return network_.stall();
    look_again();
  }
  std::uint64_t seen_ = 0;
};

Network::Network(Observer& observer) : observer_(observer) {}

Network::~Network() { drop(); }

void Network::spawn(NodeId, Task<> actor, Role role) {
  if (role == Role::worker) ++workers_;
  actors_.push_back(std::make_unique<Actor>(*this, live(std::move(actor), role)));
}

Task<> Network::live(Task<> actor, Role role) {
  try {
    co_await actor;
  } catch (...) {
    fail(std::current_exception());
  }
  if (role == Role::worker && --workers_ == 0) finish();
}

void Network::finish() {
  finished_ = true;
  halt();
}

bool Network::run(SimTime horizon) {
  prepare();
  horizon_ = horizon;
  for (auto& actor : actors_) actor->start_at(now());
  Watchdog watchdog(*this);
  if (workers_ > 0 && !failure_) loop(horizon);
  if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
  if (workers_ == 0 || finished_ || stopped()) return true;
  if (now() >= horizon) return false;
  stall();
  std::rethrow_exception(std::exchange(failure_, nullptr));
}

void Network::drop() {
  actors_.clear();
  flights_.clear();
  mailboxes_.clear();
}

void Network::set_sampling(const SamplingSettings& settings) {
  const auto medium = facts().shared_medium ? SharedTime::Medium::shared : SharedTime::Medium::separate;
  fast_forward_ = std::make_unique<FastForward>(*this, settings, medium);
}

void Network::close(RoundRecord& round) {
  if (fast_forward_) fast_forward_->sampling().close(round);
}

std::optional<SamplingReport> Network::sampling_report() const {
  if (!fast_forward_) return std::nullopt;
  return fast_forward_->sampling().report();
}

void Network::fail(std::exception_ptr failure) {
  if (!failure_) failure_ = failure;
  halt();
}

void Network::stall() {
  std::vector<std::pair<NodeId, std::string>> parked;
  for (const auto& [key, box] : mailboxes_) {
    if (box.waiting == nullptr) continue;
    const auto& missing = box.waiting->missing_;
    parked.emplace_back(key.node, missing ? missing() : "a message");
  }
  std::sort(parked.begin(), parked.end());
  std::string text = "no actor has moved since " + std::to_string(seconds(now() - patience_)) + " s";
  constexpr std::size_t kShown = 12;
  for (std::size_t i = 0; i < std::min(kShown, parked.size()); ++i) {
    text += "; node " + std::to_string(parked[i].first.value) + " waits for " + parked[i].second;
  }
  if (parked.size() > kShown) text += "; and " + std::to_string(parked.size() - kShown) + " more";
  fail(std::make_exception_ptr(RunError(Failure::stalled, text)));
}

}  // namespace telegrad
