#pragma once

#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace telegrad {

/// Threads for host jobs: gradients, encoding, folding, evaluation. The event thread is one of the `threads`:
/// while it waits for a job it runs others, and a job that nobody has started runs where it is joined.
class Pool {
 public:
  class Job;
  using Handle = std::shared_ptr<Job>;

  explicit Pool(unsigned threads);  // at least 1; 1 starts no thread
  ~Pool();                          // jobs not started are dropped
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  Handle submit(std::function<void()> work);
  /// Returns when the job has run; rethrows what it threw.
  void join(const Handle& job);
  /// Nobody wants its result any more: drops it, or waits where it is running already.
  void abandon(const Handle& job);
  unsigned threads() const { return static_cast<unsigned>(threads_.size()) + 1; }

 private:
  void serve();
  void run(const Handle& job, std::unique_lock<std::mutex>& lock);

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Handle> waiting_;
  bool closing_ = false;
  std::vector<std::thread> threads_;
};

class Pool::Job {
 private:
  friend class Pool;
  enum class State { waiting, running, done };
  std::function<void()> work_;
  State state_ = State::waiting;
  std::exception_ptr failure_;
};

}  // namespace telegrad
