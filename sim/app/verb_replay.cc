#include <CLI/CLI.hpp>
#include <cstdio>

#include "sim/app/command_line.h"
#include "sim/app/link_facts.h"
#include "sim/app/replay_scenario.h"
#include "sim/app/run_session.h"
#include "sim/app/verbs.h"
#include "sim/core/json.h"
#include "sim/programs/replayed.h"
#include "sim/results/recording_file.h"
#include "sim/sweep/trace.h"

namespace telegrad::app {
namespace {

constexpr std::uint32_t kTraceBlock = 65536;  // of networks that carry streams

struct Options {
  ScenarioOptions scenario;
  RunOptions run;
  std::string recording;
  std::string trace;
};

std::string torch_version_of(const Recording& recording) {
  const Value key = parse_json(recording.key).value;
  const Value* identity = key.find("program_identity");
  return identity == nullptr ? "none: a trace" : (*identity)["torch"].text();
}

int replay(const Options& options) {
  bool ours = options.trace.empty();
  Recording recording =
      ours ? results::read_recording(options.recording) : sweep::read_trace(options.trace, kTraceBlock);
  Recorded recorded = ours ? recorded_by_telegrad(recording, options.recording)
                           : recorded_by_others(recording, options.trace);
  Value scenario = resolve_replay(options.scenario.file, options.scenario.overrides, recorded);
  auto make = [&](const std::filesystem::path& folder, results::Replace replace) {
    try {
      check_replay(scenario, link_facts(scenario), recording, options.scenario.file);
      Trained trained{std::make_unique<programs::Replayed>(recording), torch_version_of(recording)};
      return std::make_unique<Session>(scenario, std::move(trained), options.run.threads, folder, replace);
    } catch (const ScenarioError& error) {
      throw ScenarioError(options.scenario.file, error.problems());
    }
  };
  return run_session(scenario["name"].text(), options.run, make);
}

}  // namespace

void add_replay(CLI::App& app, Action& action) {
  CLI::App* verb =
      app.add_subcommand("replay", "put a network under a training that is recorded, or somebody's log");
  auto options = std::make_shared<Options>();
  add_scenario_options(*verb, options->scenario);
  auto* recording = verb->add_option("--recording", options->recording, "what run --record wrote");
  auto* trace =
      verb->add_option("--trace", options->trace, "CSV: round,worker,bytes_up,bytes_down,compute_s,accuracy");
  recording->excludes(trace);
  add_run_options(*verb, options->run);
  verb->callback([&action, options] {
    if (options->recording.empty() == options->trace.empty()) {
      throw CLI::ValidationError("replay", "give --recording FILE or --trace FILE.csv");
    }
    action = [options] { return replay(*options); };
  });
}

}  // namespace telegrad::app
