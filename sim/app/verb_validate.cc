#include <CLI/CLI.hpp>
#include <cstdio>

#include "sim/app/command_line.h"
#include "sim/app/link_facts.h"
#include "sim/app/scenario.h"
#include "sim/app/verbs.h"

namespace telegrad::app {
namespace {

struct Options {
  std::vector<std::string> files;
  std::vector<std::string> overrides;
};

int validate(const Options& options) {
  int code = kDone;
  for (const std::string& file : options.files) {
    try {
      Scenario scenario(file, options.overrides);
      scenario.build([](const Value& resolved) {
        const NetworkFacts network = link_facts(resolved).network;
        check_sampling(resolved, network);
        check_exchange(resolved, TrainingFacts{},
                       network);  // what the method needs is known once it is built
      });
      std::printf("%s: valid\n", file.c_str());
    } catch (const ScenarioError&) {
      code = explain_failure();
    }
  }
  return code;
}

}  // namespace

void add_validate(CLI::App& app, Action& action) {
  CLI::App* verb =
      app.add_subcommand("validate", "check scenarios and say everything that is wrong; writes nothing");
  auto options = std::make_shared<Options>();
  verb->add_option("FILE", options->files, "scenario files (JSON)")->required();
  add_overrides(*verb, options->overrides);
  verb->callback([&action, options] { action = [options] { return validate(*options); }; });
}

}  // namespace telegrad::app
