#include "sim/app/command_line.h"

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>
#include <cstdio>

#include "sim/app/verbs.h"
#include "sim/core/errors.h"
#include "sim/core/quote.h"

namespace telegrad::app {
namespace {

std::vector<std::string> verbs_of(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* verb : app.get_subcommands([](const CLI::App*) { return true; })) {
    names.push_back(verb->get_name());
  }
  return names;
}

std::vector<std::string> options_of(const CLI::App& verb) {
  std::vector<std::string> names;
  for (const CLI::Option* option : verb.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

void say(const std::string& message, const std::string& typed, const std::vector<std::string>& known) {
  auto meant = nearest(typed, known);
  std::string remedy = meant ? "did you mean " + quote(*meant) + "?" : "expected " + one_of(known);
  std::fprintf(stderr, "telegrad: %s; %s\n", message.c_str(), remedy.c_str());
}

/// Messages go to stderr: stdout is for what was asked.
void set_up_messages() {
  auto logger = spdlog::stderr_color_mt("telegrad");
  logger->set_pattern("telegrad: %^%l%$: %v");
  spdlog::set_default_logger(logger);
}

/// What CLI11 could not place, with the nearest thing that it could have been.
int refuse(const CLI::App& app, const CLI::ParseError& error) {
  for (const CLI::App* verb : app.get_subcommands()) {
    for (const std::string& rest : verb->remaining()) {
      if (!rest.starts_with("-")) continue;
      std::string typed = rest.substr(0, rest.find('='));
      say("unknown option " + quote(typed) + " of " + verb->get_name(), typed, options_of(*verb));
      return kWrongUsage;
    }
  }
  auto chosen = app.get_subcommands();
  std::string help = "telegrad " + (chosen.empty() ? "" : chosen.front()->get_name() + " ") + "--help";
  std::fprintf(stderr, "telegrad: %s; see %s\n", error.what(), help.c_str());
  return kWrongUsage;
}

}  // namespace

void add_scenario_options(CLI::App& verb, ScenarioOptions& options) {
  verb.add_option("FILE", options.file, "scenario file (JSON)")->required();
  add_overrides(verb, options.overrides);
}

void add_overrides(CLI::App& verb, std::vector<std::string>& overrides) {
  verb.add_option("--set", overrides, "/key/key=VALUE changes a setting of the file; null removes it")
      ->expected(1)
      ->take_all()
      ->type_name("/POINTER=VALUE");
}

int command_line(int argc, char** argv) {
  CLI::App app("Compressed distributed training over simulated wireless links.", "telegrad");
  app.set_version_flag("--version", "telegrad " TELEGRAD_VERSION);
  app.require_subcommand(1);
  Action action;
  add_run(app, action);
  add_replay(app, action);
  add_sweep(app, action);
  add_resume(app, action);
  add_status(app, action);
  add_merge(app, action);
  add_cell(app, action);
  add_validate(app, action);
  add_explain(app, action);
  add_list(app, action);
  add_probe(app, action);
  add_compress(app, action);
  add_report(app, action);
  add_export(app, action);
  add_schema(app, action);
  std::vector<std::string> verbs = verbs_of(app);
  if (argc > 1 && argv[1][0] != '-' && std::find(verbs.begin(), verbs.end(), argv[1]) == verbs.end()) {
    say("unknown verb " + quote(argv[1]), argv[1], verbs);
    return kWrongUsage;
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& success) {
    return app.exit(success);
  } catch (const CLI::ParseError& error) {
    return refuse(app, error);
  }
  set_up_messages();
  return action();
}

int explain_failure() {
  try {
    throw;
  } catch (const ScenarioError& error) {
    std::fprintf(stderr, "%s\n", error.what());
    std::size_t mistakes = error.problems().size();
    std::fprintf(stderr, "telegrad: %zu mistake%s in %s, nothing was written\n", mistakes,
                 mistakes == 1 ? "" : "s", error.file().c_str());
    return kWrongUsage;
  } catch (const RunError& error) {
    std::fprintf(stderr, "telegrad: %s: %s\n", to_string(error.failure()), error.what());
    return kRunFailed;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "telegrad: internal: %s\n", error.what());
    return kRunFailed;
  }
}

}  // namespace telegrad::app
