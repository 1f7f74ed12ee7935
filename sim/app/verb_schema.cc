#include <CLI/CLI.hpp>
#include <cstdio>

#include "sim/app/command_line.h"
#include "sim/app/scenario.h"
#include "sim/app/verbs.h"
#include "sim/core/json.h"

namespace telegrad::app {

void add_schema(CLI::App& app, Action& action) {
  CLI::App* verb = app.add_subcommand("schema", "print the JSON Schema of scenario files, for editors");
  auto grid = std::make_shared<bool>(false);
  verb->add_flag("--grid", *grid, "of grid files, for sweeps");
  verb->callback([&action, grid] {
    action = [grid] {
      std::printf("%s\n", dump_json(*grid ? grid_schema() : scenario_schema(), 2).c_str());
      return kDone;
    };
  });
}

}  // namespace telegrad::app
