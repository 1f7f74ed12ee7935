#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "sim/sweep/job.h"

namespace telegrad::sweep {

inline constexpr int kMostAttempts = 3;

/// Told what becomes of jobs, one at a time.
class Foreman {
 public:
  virtual ~Foreman() = default;
  virtual Command command(const Job& job) = 0;
  virtual int attempts(const Job& job) = 0;  // so far, of this and earlier processes
  virtual void started(const Job& job) = 0;
  virtual void line(const Job& job, const std::string& text) = 0;
  /// Exit code 0. Throws RunError where the result is not what it should be: the job has died, then.
  virtual void done(const Job& job, const Exit& exit) = 0;
  virtual void died(const Job& job, const Exit& exit) = 0;  // it is tried again
  /// No more tries: it failed in an orderly way (exit code 1), died `kMostAttempts` times, or its recording failed.
  virtual void failed(const Job& job, const Exit& exit, const char* status) = 0;
};

/// Runs jobs in child processes, a few at a time, each after the recording that it plays. Those who cannot be run
/// do not keep the others from it.
class Engine final {
 public:
  Engine(std::vector<Job> jobs, unsigned processes, Foreman& foreman);

  /// Returns the signal that ended it, or 0 when nothing is left to do.
  int run();

 private:
  struct Running {
    std::size_t job;
    std::unique_ptr<Child> child;
  };
  using Place = std::list<Running>::iterator;

  bool ready(const Job& job) const;
  void fill();
  void start(std::size_t index);
  void ended(Place place, const Exit& exit);
  void give_up(std::size_t index, const Exit& exit, const char* status);

  std::vector<Job> jobs_;
  unsigned processes_;
  Foreman& foreman_;
  boost::asio::io_context context_;
  boost::asio::signal_set signals_;
  std::deque<std::size_t> waiting_;
  std::list<Running> running_;
  std::set<std::string> unmade_;  // keys of recordings that are still to come
  int signal_ = 0;
};

}  // namespace telegrad::sweep
