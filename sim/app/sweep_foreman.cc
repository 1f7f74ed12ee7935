#include "sim/app/sweep_foreman.h"

#include <spdlog/spdlog.h>

#include <fstream>
#include <sstream>

#include "sim/core/errors.h"
#include "sim/core/json.h"
#include "sim/results/recording_file.h"
#include "sim/results/words.h"
#include "sim/sweep/status.h"

namespace telegrad::app {
namespace {

constexpr std::size_t kTail = 4096;  // bytes of a failed job's log that are kept

std::string this_program() {
  std::error_code error;
  auto self = std::filesystem::read_symlink("/proc/self/exe", error);
  return error ? "telegrad" : self.string();
}

}  // namespace

SweepForeman::SweepForeman(std::filesystem::path folder, sweep::SweepDatabase& database, sweep::Store& store,
                           sweep::Judging judging, sweep::Limits limits, unsigned processes)
    : folder_(std::move(folder)), database_(database), store_(store), judging_(std::move(judging)),
      limits_(limits), processes_(processes) {
  std::filesystem::create_directories(folder_ / "orders");
  std::filesystem::create_directories(folder_ / "logs");
}

SweepForeman::~SweepForeman() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_ / "orders", ignored);
}

std::filesystem::path SweepForeman::order_file(const sweep::Job& job) const {
  return folder_ / "orders" / (job.key + ".json");
}

std::filesystem::path SweepForeman::log_file(const sweep::Job& job) const {
  return folder_ / "logs" / (job.key + ".txt");
}

std::string SweepForeman::log_tail(const sweep::Job& job) const {
  std::ifstream in(log_file(job), std::ios::binary);
  std::ostringstream all;
  all << in.rdbuf();
  std::string text = all.str();
  return text.size() > kTail ? text.substr(text.size() - kTail) : text;
}

sweep::Command SweepForeman::command(const sweep::Job& job) {
  std::ofstream out(order_file(job), std::ios::trunc);
  out << dump_json(job.order);
  out.close();
  if (!out)
    throw RunError(Failure::storage, order_file(job).string() + ": cannot be written; free some space");
  return {{this_program(), "cell", order_file(job).string()}, log_file(job), limits_};
}

void SweepForeman::started(const sweep::Job& job) {
  complaints_.erase(job.key);
  database_.job_started(job);
  if (!job.cells.empty()) database_.set_running(job.cells);
}

void SweepForeman::line(const sweep::Job& job, const std::string& text) {
  if (!text.starts_with("failed ")) return;
  std::size_t tab = text.find('\t');
  complaints_[job.key] = {text.substr(7, tab - 7), tab == std::string::npos ? "" : text.substr(tab + 1)};
}

void SweepForeman::done(const sweep::Job& job, const sweep::Exit& exit) {
  if (job.kind != sweep::JobKind::record) {
    results::Digest digest = sweep::read_digest(store_.cell(job.key));
    database_.set_done(job.cells, digest, "computed", judging_);
  }
  database_.job_ended(job, exit, "done");
  std::error_code ignored;
  if (std::filesystem::file_size(log_file(job), ignored) == 0)
    std::filesystem::remove(log_file(job), ignored);
  show();
}

void SweepForeman::died(const sweep::Job& job, const sweep::Exit& exit) {
  database_.job_ended(job, exit, "waiting");
  database_.set_waiting(job.cells);
  spdlog::warn("{}: {}; it is tried again", job.name, exit.reason);
}

void SweepForeman::failed(const sweep::Job& job, const sweep::Exit& exit, const char* status) {
  auto complaint = complaints_.find(
      job.kind == sweep::JobKind::replayed && !complaints_.contains(job.key) ? job.recording : job.key);
  bool told = exit.code > 0 && complaint != complaints_.end();
  sweep::Failed why{.reason = told ? complaint->second.first : exit.reason,
                    .detail = told ? complaint->second.second : "",
                    .log_tail = log_tail(job)};
  if (why.reason.empty()) why.reason = "exit code " + std::to_string(exit.code);
  database_.job_ended(job, exit, "failed");
  if (!job.cells.empty()) database_.set_failed(job.cells, status, why);
  spdlog::error("{}: {}{}", job.name, why.reason, why.detail.empty() ? "" : ": " + why.detail);
  show();
}

void SweepForeman::show() {
  sweep::Counts found = sweep::counts(database_.database());
  auto left = sweep::seconds_left(database_.database(), processes_);
  spdlog::info("{} of {} cells done{}{}", found.done, found.all(),
               found.failed + found.set_aside == 0
                   ? ""
                   : ", " + std::to_string(found.failed + found.set_aside) + " failed",
               left ? ", about " + results::seconds_in_words(*left) + " left" : "");
}

}  // namespace telegrad::app
