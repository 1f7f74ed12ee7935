#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "sim/app/experiment.h"
#include "sim/results/folder.h"
#include "sim/results/log.h"
#include "sim/results/progress.h"
#include "sim/results/writer.h"

namespace telegrad::app {

/// A training, live or recorded, and what it was made with.
struct Trained {
  std::unique_ptr<Training> training;
  std::string torch_version;
};

/// An experiment that leaves results in a folder.
class Session final {
 public:
  /// Builds everything first: mistakes that only building finds leave no folder. Throws ScenarioError, RunError.
  Session(const Value& scenario, Trained trained, unsigned threads, const std::filesystem::path& folder,
          results::Replace replace);

  /// Runs to the end and writes how it ended; returns the exit code. Throws RunError after having written it.
  int run();
  /// Sees the run too; call before it, with what outlives this.
  void watch(Observer& observer) { observers_.add(observer); }
  const Experiment& experiment() const { return *experiment_; }
  /// A few lines that answer what the user asked.
  std::string summary() const;

 private:
  void fail(const std::string& reason, const std::string& detail) noexcept;
  void end(std::string status, std::string reason, std::string detail);

  // In this order: the experiment goes first, and tells the observers nothing more.
  Observers observers_;
  std::optional<results::Folder> folder_;
  std::optional<results::Log> log_;
  std::optional<results::Writer> writer_;
  std::optional<results::Progress> progress_;
  std::unique_ptr<Experiment> experiment_;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

}  // namespace telegrad::app
