#include "sim/app/session.h"

#include <spdlog/spdlog.h>

#include <csignal>

#include "sim/app/command_line.h"
#include "sim/app/signals.h"
#include "sim/core/json.h"
#include "sim/results/export_csv.h"
#include "sim/results/summary.h"

namespace telegrad::app {
namespace {

results::Horizon horizon_of(const Value& scenario) {
  results::Horizon horizon;
  const Value& stop = scenario["stop"];
  if (const Value* rounds = stop.find("max_rounds"))
    horizon.max_rounds = static_cast<std::uint64_t>(rounds->integer());
  if (const Value* limit = stop.find("max_simulated_s")) horizon.max_simulated_s = limit->number();
  return horizon;
}

Value or_null(const std::optional<double>& value) { return value ? Value(*value) : Value(); }
Value number(std::uint64_t count) { return Value(static_cast<std::int64_t>(count)); }

Value to_value(const std::optional<SamplingReport>& report) {
  if (!report) return Value();
  return Value::Object{{"rounds", number(report->rounds)},
                       {"tolerance", report->tolerance},
                       {"fast_forwarded", number(report->fast_forwarded)},
                       {"simulated", number(report->simulated)},
                       {"interval", or_null(report->interval)},
                       {"held_out_error", or_null(report->held_out_error)},
                       {"gave_up_after", report->gave_up_after ? number(*report->gave_up_after) : Value()}};
}

}  // namespace

Session::Session(const Value& scenario, Trained trained, unsigned threads,
                 const std::filesystem::path& folder, results::Replace replace) {
  if (threads == 0) threads = static_cast<unsigned>(scenario["host"]["threads"].integer());
  experiment_ = std::make_unique<Experiment>(scenario, std::move(trained.training), threads, observers_);
  results::Manifest about = manifest(scenario, *experiment_, trained.torch_version);
  folder_.emplace(folder, replace);
  folder_->write("scenario.json", dump_json(scenario, 2) + "\n");
  log_.emplace(folder_->log());
  experiment_->set_output_folder(folder_->path() / "ns3");
  spdlog::info("{} with {} host threads, results in {}", about.name, about.threads, folder_->path().string());
  for (const std::string& warning : about.warnings) spdlog::warn("{}", warning);
  writer_.emplace(*folder_, std::move(about));
  if (!writer_->notice().empty()) spdlog::warn("{}", writer_->notice());
  progress_.emplace(horizon_of(scenario), results::Display::standard_error());
  observers_.add(*writer_);
  observers_.add(*progress_);
}

int Session::run() {
  try {
    Signals signals(*experiment_);
    std::string reason = experiment_->run();
    progress_->clear();
    int signal = Signals::received();
    if (signal == 0) {
      end("done", reason, "");
      return kDone;
    }
    const char* name = signal == SIGINT ? "SIGINT" : "SIGTERM";
    end("interrupted", name, "ended by the user; the rounds so far are kept");
    return 128 + signal;
  } catch (const RunError& error) {
    fail(to_string(error.failure()), error.what());
    throw;
  } catch (const std::exception& error) {
    fail(to_string(Failure::internal), error.what());
    throw;
  }
}

/// Writes down why, as far as that still works; what is reported is the first failure, not a later one.
void Session::fail(const std::string& reason, const std::string& detail) noexcept {
  progress_->clear();
  try {
    end("failed", reason, detail);
  } catch (const std::exception& error) {
    spdlog::warn("the results are not complete: {}", error.what());
  }
}

void Session::end(std::string status, std::string reason, std::string detail) {
  std::chrono::duration<double> wall = std::chrono::steady_clock::now() - begin_;
  spdlog::info("{}: {}, after {} rounds", status, reason, experiment_->completed_rounds());
  writer_->finish(results::Ending{.status = std::move(status),
                                  .reason = std::move(reason),
                                  .detail = std::move(detail),
                                  .fingerprint = experiment_->fingerprint(),
                                  .wall_s = wall.count(),
                                  .remarks = experiment_->remarks(),
                                  .sampling = to_value(experiment_->sampling())});
  results::export_csv(results::Database::open_to_read(folder_->database()), folder_->path());
}

std::string Session::summary() const {
  return results::summary(results::Database::open_to_read(folder_->database()));
}

}  // namespace telegrad::app
