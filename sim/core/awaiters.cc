#include "sim/core/awaiters.h"

#include "sim/core/errors.h"

namespace telegrad {

Sleep Network::sleep(SimTime duration) { return Sleep(*this, duration); }
Sending Network::send(Message message) { return Sending(*this, std::move(message)); }
Receive Network::receive(NodeId node, Tag tag, SimTime deadline, std::function<std::string()> missing) {
  return Receive(*this, node, tag, deadline, std::move(missing));
}
Join Network::all(std::vector<Task<>> tasks) { return Join(*this, std::move(tasks)); }

Sending::~Sending() { network_.forget(flights_); }

void Sending::suspended() {
  open_ = message_.to.size();
  if (open_ == 0) return arm(network_.now());
  flights_ = network_.launch(std::move(message_), this);
}

void Sending::settled(Outcome outcome) {
  receipt_.outcome = std::max(receipt_.outcome, outcome);
  if (--open_ > 0) return;
  receipt_.at = network_.now();
  arm(network_.now());
}

Receive::~Receive() { unpark(); }

bool Receive::await_ready() {
  delivery_ = network_.take_mail(node_, tag_);
  return delivery_.has_value();
}

void Receive::suspended() {
  network_.park(this);
  parked_ = true;
  if (deadline_ != kNever) arm(std::max(deadline_, network_.now()));
}

void Receive::unpark() {
  if (std::exchange(parked_, false)) network_.unpark(this);
}

void Receive::accept(Delivery delivery) {
  delivery_ = std::move(delivery);
  unpark();
  arm(network_.now());
}

void Receive::woken() {
  unpark();
  handle_.resume();
}

Join::Join(Network& network, std::vector<Task<>> tasks)
    : Waiter(network), open_(tasks.size()), failures_(tasks.size()) {
  tasks_.reserve(tasks.size());
  for (std::size_t i = 0; i < tasks.size(); ++i) tasks_.push_back(guard(std::move(tasks[i]), i));
}

bool Join::await_ready() {
  for (Task<>& task : tasks_) task.start();
  return open_ == 0;
}

void Join::await_resume() {
  for (const std::exception_ptr& failure : failures_) {
    if (failure) std::rethrow_exception(failure);
  }
}

Task<> Join::guard(Task<> task, std::size_t index) {
  try {
    co_await task;
  } catch (...) {
    failures_[index] = std::current_exception();
  }
  if (--open_ == 0 && handle_) arm(network_.now());
}

}  // namespace telegrad
