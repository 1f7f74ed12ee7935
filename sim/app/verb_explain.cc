#include <CLI/CLI.hpp>
#include <cstdio>

#include "sim/app/command_line.h"
#include "sim/app/explanation.h"
#include "sim/app/verbs.h"
#include "sim/core/json.h"

namespace telegrad::app {
namespace {

struct Options {
  ScenarioOptions scenario;
  bool all = false;
  bool json = false;
};

int explain_scenario(const Options& options) {
  Scenario scenario(options.scenario.file, options.scenario.overrides);
  Observer nobody;
  auto threads = static_cast<unsigned>(scenario.resolved()["host"]["threads"].integer());
  auto experiment = scenario.build([&](const Value& resolved) {
    return std::make_unique<Experiment>(resolved, make_training(resolved), threads, nobody);
  });
  Explanation what = explain(scenario.resolved(), *experiment);
  Detail detail = options.all ? Detail::all : Detail::given;
  std::string page =
      options.json ? dump_json(to_value(what), 2) + "\n" : explanation_page(what, scenario, detail);
  std::fputs(page.c_str(), stdout);
  return kDone;
}

}  // namespace

void add_explain(CLI::App& app, Action& action) {
  CLI::App* verb = app.add_subcommand("explain", "say what a scenario means and costs, before it runs");
  auto options = std::make_shared<Options>();
  add_scenario_options(*verb, options->scenario);
  verb->add_flag("--all", options->all, "every setting, defaults too");
  verb->add_flag("--json", options->json, "for programs");
  verb->callback([&action, options] { action = [options] { return explain_scenario(*options); }; });
}

}  // namespace telegrad::app
