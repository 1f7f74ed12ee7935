#include "sim/app/cell.h"

#include <chrono>
#include <fstream>

#include "sim/app/experiment.h"
#include "sim/core/json.h"
#include "sim/core/recording.h"
#include "sim/programs/replayed.h"
#include "sim/results/digester.h"
#include "sim/results/recording_file.h"
#include "sim/sweep/store.h"

namespace telegrad::app {
namespace {

using Clock = std::chrono::steady_clock;

std::unique_ptr<Training> training_of(const CellOrder& order) {
  if (order.kind != sweep::JobKind::replayed) return make_training(order.scenario);
  return std::make_unique<programs::Replayed>(results::read_recording(order.recording));
}

/// Of this program alone: getrusage would count its parent's too.
double most_memory_mb() {
  std::ifstream in("/proc/self/status");
  double kilobytes = 0;
  for (std::string word; in >> word;) {
    if (word == "VmHWM:") in >> kilobytes;
  }
  return kilobytes / 1e3;
}

void record(const CellOrder& order, Observer& watcher) {
  Recorder recorder(static_cast<std::uint32_t>(order.scenario["workers"].integer()) + 1);
  Observers observers;
  observers.add(watcher);
  observers.add(recorder);
  Experiment experiment(order.scenario, training_of(order), order.threads, observers);
  experiment.run();
  std::filesystem::create_directories(order.recording.parent_path());
  results::write_recording(std::move(recorder).finish(dump_json(order.dependencies), experiment.training()),
                           order.recording);
}

void simulate(const CellOrder& order, Observer& watcher) {
  Clock::time_point begin = Clock::now();
  Observers observers;
  observers.add(watcher);
  Experiment experiment(order.scenario, training_of(order), order.threads, observers);
  NodeId hub{static_cast<std::uint32_t>(order.scenario["workers"].integer())};
  results::Digester digester(hub, experiment.network().phy_rate_mbps);
  observers.add(digester);
  std::string ended = experiment.run();
  results::Digest digest = std::move(digester).finish();
  results::Manifest about = manifest(order.scenario, experiment, "");
  digest.ended = ended;
  digest.fingerprint = experiment.fingerprint();
  digest.link_dependence = order.link_dependence;
  digest.parameters = about.parameters;
  digest.phy_rate_mbps = about.phy_rate_mbps;
  if (auto sampling = experiment.sampling()) {
    digest.fast_forwarded = sampling->fast_forwarded;
    digest.sampling_interval = sampling->interval;
  }
  digest.assumptions = about.assumptions;
  digest.not_modelled = about.not_modelled;
  digest.warnings = about.warnings;
  digest.host_s = std::chrono::duration<double>(Clock::now() - begin).count();
  digest.host_memory_mb = most_memory_mb();
  sweep::write_digest(digest, order.result);
}

}  // namespace

Value to_value(const CellOrder& order) {
  return Value::Object{{"kind", sweep::to_string(order.kind)},  {"scenario", order.scenario},
                       {"recording", order.recording.string()}, {"dependencies", order.dependencies},
                       {"result", order.result.string()},       {"link_dependence", order.link_dependence},
                       {"threads", std::int64_t{order.threads}}};
}

CellOrder cell_order(const Value& value) {
  CellOrder order;
  for (auto kind : {sweep::JobKind::record, sweep::JobKind::replayed, sweep::JobKind::coupled}) {
    if (value["kind"].text() == sweep::to_string(kind)) order.kind = kind;
  }
  order.scenario = value["scenario"];
  order.recording = value["recording"].text();
  order.dependencies = value["dependencies"];
  order.result = value["result"].text();
  order.link_dependence = value["link_dependence"].text();
  order.threads = static_cast<unsigned>(value["threads"].integer());
  return order;
}

void run_cell(const CellOrder& order, Observer& watcher) {
  if (order.kind == sweep::JobKind::record) {
    record(order, watcher);
  } else {
    simulate(order, watcher);
  }
}

}  // namespace telegrad::app
