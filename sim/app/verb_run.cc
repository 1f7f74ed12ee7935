#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
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
  std::string model;
};

/// Whether a file can come to lie there; says so where not. Known before hours of training.
bool has_folder(const std::string& option, const std::filesystem::path& file) {
  const std::filesystem::path folder = file.has_parent_path() ? file.parent_path() : ".";
  std::error_code unknown;
  if (std::filesystem::is_directory(folder, unknown) && !std::filesystem::is_directory(file, unknown))
    return true;
  std::fprintf(stderr, "telegrad: %s: '%s' is no place for a file; name one in a folder that exists\n",
               option.c_str(), file.c_str());
  return false;
}

/// Why this run cannot be recorded; "" where it can.
std::string obstacle(const Scenario& scenario) {
  LinkFacts link = scenario.build([](const Value& resolved) { return link_facts(resolved); });
  return link_dependence(scenario.resolved(), link);
}

int run(const Options& options) {
  if (!options.model.empty() && !has_folder("--save-model", options.model)) return kWrongUsage;
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
    if (!options.model.empty()) {
      session.experiment().save_model(options.model);
      std::printf("model: %s\n", options.model.c_str());
    }
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
  verb->add_option(
      "--save-model", options->model,
      "write the model of worker 0, or of the server of cohorts, into this file once the run has ended; "
      "torch.load reads it");
  verb->callback([&action, options] { action = [options] { return run(*options); }; });
}

}  // namespace telegrad::app
