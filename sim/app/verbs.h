#pragma once

#include <functional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace telegrad::app {

/// What the chosen verb does; returns the exit code.
using Action = std::function<int()>;

// Each adds a verb, its options and its help to the command line; when it is chosen, it sets `action`.
void add_run(CLI::App& app, Action& action);
void add_replay(CLI::App& app, Action& action);
void add_sweep(CLI::App& app, Action& action);
void add_resume(CLI::App& app, Action& action);
void add_status(CLI::App& app, Action& action);
void add_merge(CLI::App& app, Action& action);
void add_cell(CLI::App& app, Action& action);
void add_validate(CLI::App& app, Action& action);
void add_explain(CLI::App& app, Action& action);
void add_list(CLI::App& app, Action& action);
void add_probe(CLI::App& app, Action& action);
void add_compress(CLI::App& app, Action& action);
void add_report(CLI::App& app, Action& action);
void add_export(CLI::App& app, Action& action);
void add_schema(CLI::App& app, Action& action);

/// What verbs that read a scenario have in common.
struct ScenarioOptions {
  std::string file;
  std::vector<std::string> overrides;
};

void add_scenario_options(CLI::App& verb, ScenarioOptions& options);
void add_overrides(CLI::App& verb, std::vector<std::string>& overrides);

}  // namespace telegrad::app
