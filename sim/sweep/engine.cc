#include "sim/sweep/engine.h"

#include <boost/asio/post.hpp>
#include <csignal>

#include "sim/core/errors.h"

namespace telegrad::sweep {

const char* to_string(JobKind kind) {
  switch (kind) {
    case JobKind::record: return "record";
    case JobKind::replayed: return "replayed";
    case JobKind::coupled: return "coupled";
  }
  return "";
}

Engine::Engine(std::vector<Job> jobs, unsigned processes, Foreman& foreman)
    : jobs_(std::move(jobs)), processes_(processes), foreman_(foreman), signals_(context_, SIGINT, SIGTERM) {
  for (std::size_t i = 0; i < jobs_.size(); ++i) {
    waiting_.push_back(i);
    if (jobs_[i].kind == JobKind::record) unmade_.insert(jobs_[i].key);
  }
}

int Engine::run() {
  signals_.async_wait([this](boost::system::error_code error, int number) {
    if (error) return;
    signal_ = number;
    waiting_.clear();
    running_.clear();  // kills them
    context_.stop();
  });
  fill();
  if (!running_.empty()) context_.run();
  return signal_;
}

bool Engine::ready(const Job& job) const { return !unmade_.contains(job.recording); }

void Engine::fill() {
  while (running_.size() < processes_) {
    auto next =
        std::find_if(waiting_.begin(), waiting_.end(), [&](std::size_t i) { return ready(jobs_[i]); });
    if (next == waiting_.end()) break;
    std::size_t index = *next;
    waiting_.erase(next);
    start(index);
  }
  if (running_.empty()) {
    signals_.cancel();
    context_.stop();
  }
}

void Engine::start(std::size_t index) {
  const Job& job = jobs_[index];
  foreman_.started(job);
  running_.push_back({index, nullptr});
  Place place = std::prev(running_.end());
  try {
    place->child = std::make_unique<Child>(
        context_, foreman_.command(job), [this, &job](const std::string& text) { foreman_.line(job, text); },
        [this, place](const Exit& exit) {
          // Not from within the child's own handler: it goes.
          boost::asio::post(context_, [this, place, exit] { ended(place, exit); });
        });
  } catch (const RunError& error) {
    Exit exit;
    exit.code = -1;
    exit.reason = error.what();
    boost::asio::post(context_, [this, place, exit] { ended(place, exit); });
  }
}

void Engine::ended(Place place, const Exit& exit) {
  if (signal_ != 0) return;
  std::size_t index = place->job;
  running_.erase(place);
  const Job& job = jobs_[index];
  Exit how = exit;
  if (how.code == 0) {
    try {
      foreman_.done(job, how);
      unmade_.erase(job.key);
      return fill();
    } catch (const RunError& error) {
      how.code = -1;
      how.reason = error.what();
    }
  }
  if (how.code > 0) {
    give_up(index, how, "failed");
  } else if (foreman_.attempts(job) >= kMostAttempts) {
    give_up(index, how, "set_aside");
  } else {
    foreman_.died(job, how);
    waiting_.push_back(index);
  }
  fill();
}

/// What needs this recording can never run.
void Engine::give_up(std::size_t index, const Exit& exit, const char* status) {
  const Job& job = jobs_[index];
  foreman_.failed(job, exit, status);
  if (job.kind != JobKind::record) return;
  for (auto at = waiting_.begin(); at != waiting_.end();) {
    const Job& other = jobs_[*at];
    bool needs = other.recording == job.key;
    if (needs) foreman_.failed(other, exit, status);
    at = needs ? waiting_.erase(at) : std::next(at);
  }
  unmade_.erase(job.key);
}

}  // namespace telegrad::sweep
