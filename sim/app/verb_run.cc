#include <CLI/CLI.hpp>
#include <cstdio>
#include <optional>

#include "sim/app/command_line.h"
#include "sim/app/keys.h"
#include "sim/app/link_facts.h"
#include "sim/app/plugin.h"
#include "sim/app/run_session.h"
#include "sim/app/scenario.h"
#include "sim/app/verbs.h"
#include "sim/core/json.h"
#include "sim/core/recording.h"
#include "sim/results/recording_file.h"

namespace telegrad::app {
namespace {

struct Options {
  ScenarioOptions scenario;
  RunOptions run;
  std::string record;
};

/// Why this run cannot be recorded; "" where it can.
std::string obstacle(const Scenario& scenario) {
  LinkFacts link = scenario.build([](const Value& resolved) { return link_facts(resolved); });
  return link_dependence(scenario.resolved(), link);
}

int run(const Options& options) {
  Scenario scenario(options.scenario.file, options.scenario.overrides);
  const Value& resolved = scenario.resolved();
  std::optional<Recorder> recorder;
  if (!options.record.empty()) {
    std::string why = obstacle(scenario);
    if (!why.empty()) {
      std::fprintf(stderr, "telegrad: --record: the models depend on the link, because %s\n", why.c_str());
      return kWrongUsage;
    }
    recorder.emplace(static_cast<std::uint32_t>(resolved["workers"].integer()) + 1);
  }
  auto make = [&](const std::filesystem::path& folder, results::Replace replace) {
    return scenario.build([&](const Value& checked) {
      Trained trained{make_training(checked), training_plugin().torch_version()};
      auto session =
          std::make_unique<Session>(checked, std::move(trained), options.run.threads, folder, replace);
      if (recorder) session->watch(*recorder);
      return session;
    });
  };
  auto keep = [&](const Session& session) {
    if (!recorder) return;
    Value made = recording_dependencies(resolved, session.experiment().block_limit_up());
    results::write_recording(std::move(*recorder).finish(dump_json(made), session.experiment().training()),
                             options.record);
    std::printf("recording: %s\n", options.record.c_str());
  };
  return run_session(resolved["name"].text(), options.run, make, keep);
}

}  // namespace

void add_run(CLI::App& app, Action& action) {
  CLI::App* verb = app.add_subcommand("run", "train, and write what it took");
  auto options = std::make_shared<Options>();
  add_scenario_options(*verb, options->scenario);
  add_run_options(*verb, options->run);
  verb->add_option("--record", options->record, "write what the training did into this file, for replay");
  verb->callback([&action, options] { action = [options] { return run(*options); }; });
}

}  // namespace telegrad::app
