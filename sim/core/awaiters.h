#pragma once

// What actors wait for. Part of network.h: an awaiter lives in the frame that awaits it, is never copied, and
// unlinks itself when the frame is destroyed.

#include <cstdint>
#include <type_traits>
#include <utility>
#include <variant>

#include "sim/core/network.h"

namespace telegrad {

/// Something that an event of its own wakes.
class Waiter {
 public:
  explicit Waiter(Network& network) : network_(network) {}
  virtual ~Waiter() { disarm(); }
  Waiter(const Waiter&) = delete;
  Waiter& operator=(const Waiter&) = delete;

  void await_suspend(std::coroutine_handle<> waiting) {
    handle_ = waiting;
    suspended();
  }

 protected:
  friend class Network;
  virtual void suspended() {}
  virtual void woken() { handle_.resume(); }
  void arm(SimTime when) {
    disarm();
    slot_ = network_.arm(this, when);
  }
  void disarm() {
    if (slot_ != 0) network_.disarm(std::exchange(slot_, 0));
  }

  Network& network_;
  std::coroutine_handle<> handle_;

 private:
  std::uint64_t slot_ = 0;
};

class Sleep final : public Waiter {
 public:
  Sleep(Network& network, SimTime duration) : Waiter(network), duration_(duration) {}
  bool await_ready() const noexcept { return duration_ <= SimTime::zero(); }
  void await_resume() const noexcept {}

 private:
  void suspended() override { arm(network_.now() + duration_); }
  SimTime duration_;
};

class Sending final : public Waiter {
 public:
  Sending(Network& network, Message message) : Waiter(network), message_(std::move(message)) {}
  ~Sending() override;
  bool await_ready() const noexcept { return false; }
  Receipt await_resume() const noexcept { return receipt_; }

 private:
  friend class Network;
  void suspended() override;
  void settled(Outcome outcome);

  Message message_;
  std::vector<std::uint64_t> flights_;
  std::size_t open_ = 0;
  Receipt receipt_{Outcome::delivered, {}};
};

class Receive final : public Waiter {
 public:
  Receive(Network& network, NodeId node, Tag tag, SimTime deadline, std::function<std::string()> missing)
      : Waiter(network), node_(node), tag_(tag), deadline_(deadline), missing_(std::move(missing)) {}
  ~Receive() override;
  bool await_ready();
  std::optional<Delivery> await_resume() { return std::move(delivery_); }

 private:
  friend class Network;
  void suspended() override;
  void woken() override;
  void unpark();
  void accept(Delivery delivery);

  NodeId node_;
  Tag tag_;
  SimTime deadline_;
  std::function<std::string()> missing_;
  bool parked_ = false;
  std::optional<Delivery> delivery_;
};

/// Tasks side by side; the first exception, in the order of the tasks, is rethrown when all have ended.
class Join final : public Waiter {
 public:
  Join(Network& network, std::vector<Task<>> tasks);
  bool await_ready();
  void await_resume();

 private:
  Task<> guard(Task<> task, std::size_t index);

  std::size_t open_;
  std::vector<std::exception_ptr> failures_;
  std::vector<Task<>> tasks_;  // last: destroyed first
};

template <class R>
class Compute final : public Waiter {
 public:
  Compute(Network& network, Pool* pool, std::function<R()> job, SimTime duration)
      : Waiter(network), pool_(pool), ends_(network.now() + duration) {
    if (!job) return;
    auto run = [result = result_, job = std::move(job)] {
      if constexpr (std::is_void_v<R>) {
        job();
        result->emplace();
      } else {
        result->emplace(job());
      }
    };
    if (pool_ != nullptr) {
      job_ = pool_->submit(std::move(run));
    } else {
      inline_ = std::move(run);
    }
  }
  ~Compute() override {
    if (job_ != nullptr) pool_->abandon(job_);
  }

  // It always suspends: others may submit their jobs before this one is joined, and a replay without jobs takes
  // the same events in the same order.
  bool await_ready() const noexcept { return false; }
  R await_resume() {
    if (job_ != nullptr) {
      pool_->join(std::exchange(job_, nullptr));
    } else if (inline_) {
      std::exchange(inline_, nullptr)();
    } else {
      result_->emplace();
    }
    if constexpr (!std::is_void_v<R>) return std::move(**result_);
  }

 private:
  using Result = std::conditional_t<std::is_void_v<R>, std::monostate, R>;
  void suspended() override { arm(ends_); }

  Pool* pool_;
  SimTime ends_;
  std::shared_ptr<std::optional<Result>> result_ = std::make_shared<std::optional<Result>>();
  Pool::Handle job_;
  std::function<void()> inline_;
};

template <class R>
Compute<R> Network::compute(Pool* pool, std::function<R()> job, SimTime duration) {
  return Compute<R>(*this, pool, std::move(job), duration);
}

}  // namespace telegrad
