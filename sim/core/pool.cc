#include "sim/core/pool.h"

#include <algorithm>

#include "sim/core/errors.h"

namespace telegrad {

Pool::Pool(unsigned threads) {
  expect(threads > 0, "a pool has a thread");
  for (unsigned i = 1; i < threads; ++i) threads_.emplace_back([this] { serve(); });
}

Pool::~Pool() {
  {
    std::lock_guard lock(mutex_);
    closing_ = true;
    waiting_.clear();
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

Pool::Handle Pool::submit(std::function<void()> work) {
  auto job = std::make_shared<Job>();
  job->work_ = std::move(work);
  {
    std::lock_guard lock(mutex_);
    waiting_.push_back(job);
  }
  if (!threads_.empty()) changed_.notify_all();
  return job;
}

void Pool::join(const Handle& job) {
  std::unique_lock lock(mutex_);
  while (job->state_ != Job::State::done) {
    if (job->state_ == Job::State::waiting) {
      auto at = std::find(waiting_.begin(), waiting_.end(), job);
      expect(at != waiting_.end(), "a waiting job is in the queue");
      waiting_.erase(at);
      run(job, lock);
    } else if (!waiting_.empty()) {
      Handle other = std::move(waiting_.front());
      waiting_.pop_front();
      run(other, lock);
    } else {
      changed_.wait(lock);
    }
  }
  if (job->failure_) std::rethrow_exception(job->failure_);
}

void Pool::abandon(const Handle& job) {
  std::function<void()> dropped;  // freed outside the lock
  std::unique_lock lock(mutex_);
  if (job->state_ == Job::State::waiting) {
    std::erase(waiting_, job);
    dropped = std::move(job->work_);
    lock.unlock();
    return;
  }
  changed_.wait(lock, [&] { return job->state_ == Job::State::done; });
}

void Pool::serve() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return closing_ || !waiting_.empty(); });
    if (closing_) return;
    Handle job = std::move(waiting_.front());
    waiting_.pop_front();
    run(job, lock);
  }
}

void Pool::run(const Handle& job, std::unique_lock<std::mutex>& lock) {
  job->state_ = Job::State::running;
  std::function<void()> work = std::move(job->work_);
  lock.unlock();
  std::exception_ptr failure;
  try {
    work();
  } catch (...) {
    failure = std::current_exception();
  }
  work = nullptr;  // what the job holds is freed before anybody learns that it is done
  lock.lock();
  job->failure_ = failure;
  job->state_ = Job::State::done;
  changed_.notify_all();
}

}  // namespace telegrad
