#include <CLI/CLI.hpp>
#include <cstdio>

#include "sim/app/command_line.h"
#include "sim/app/probe.h"
#include "sim/app/scenario.h"
#include "sim/app/verbs.h"
#include "sim/core/json.h"

namespace telegrad::app {
namespace {

struct Options {
  ScenarioOptions scenario;
  std::uint64_t bytes = 0;
  std::uint64_t rounds = 5;
  bool json = false;
};

}  // namespace

void add_probe(CLI::App& app, Action& action) {
  CLI::App* verb = app.add_subcommand("probe", "move bytes through a scenario's network, without training");
  auto options = std::make_shared<Options>();
  add_scenario_options(*verb, options->scenario);
  verb->add_option("--bytes", options->bytes, "from every worker to the server and back; 200kB is understood")
      ->required()
      ->transform(CLI::AsSizeValue(true))
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1} << 40));
  verb->add_option("--rounds", options->rounds, "how often")
      ->capture_default_str()
      ->check(CLI::Range(1, 1'000'000));
  verb->add_flag("--json", options->json, "for programs");
  verb->callback([&action, options] {
    action = [options] {
      Scenario scenario(options->scenario.file, options->scenario.overrides);
      ProbeResult result = scenario.build(
          [&](const Value& resolved) { return probe(resolved, options->bytes, options->rounds); });
      std::fputs((options->json ? dump_json(to_value(result), 2) + "\n" : probe_page(result)).c_str(),
                 stdout);
      return kDone;
    };
  });
}

}  // namespace telegrad::app
