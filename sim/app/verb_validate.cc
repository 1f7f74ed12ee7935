#include <CLI/CLI.hpp>
#include <cstdio>

#include "sim/app/command_line.h"
#include "sim/app/scenario.h"
#include "sim/app/verbs.h"

namespace telegrad::app {

void add_validate(CLI::App& app, Action& action) {
  CLI::App* verb = app.add_subcommand("validate", "check a scenario and say everything that is wrong; writes nothing");
  auto options = std::make_shared<ScenarioOptions>();
  add_scenario_options(*verb, *options);
  verb->callback([&action, options] {
    action = [options] {
      Scenario scenario(options->file, options->overrides);
      std::printf("%s: valid\n", options->file.c_str());
      return kDone;
    };
  });
}

}  // namespace telegrad::app
