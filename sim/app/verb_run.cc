#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>
#include <cctype>
#include <cstdio>
#include <optional>

#include "sim/app/command_line.h"
#include "sim/app/report.h"
#include "sim/app/scenario.h"
#include "sim/app/session.h"
#include "sim/app/verbs.h"

namespace telegrad::app {
namespace {

struct Options {
  ScenarioOptions scenario;
  std::string out;
  unsigned threads = 0;
  bool replace = false;
  bool no_report = false;
};

/// runs/NAME, or runs/NAME-2 ... when that holds results.
std::filesystem::path free_folder(const std::string& name) {
  std::string safe;
  for (char c : name) {
    bool plain = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' ||
                 (c == '.' && !safe.empty());
    safe += plain ? c : '_';
  }
  std::filesystem::path first = std::filesystem::path("runs") / safe;
  std::filesystem::path folder = first;
  for (int i = 2; std::filesystem::exists(folder); ++i) folder = first.string() + "-" + std::to_string(i);
  return folder;
}

bool reported(const std::filesystem::path& folder) {
  try {
    if (make_report(folder) == 0) return true;
  } catch (const RunError& error) {
    spdlog::warn("{}", error.what());
  }
  spdlog::warn("the report failed, the results are complete: telegrad report {}", folder.string());
  return false;
}

/// Makes the page, and says where everything lies.
void show(const std::filesystem::path& folder, const Options& options) {
  bool page = !options.no_report && reported(folder);
  std::printf("results: %s%s\n", folder.c_str(), page ? "/, page: report.html" : "/");
}

int run(const Options& options) {
  Scenario scenario(options.scenario.file, options.scenario.overrides);
  std::filesystem::path folder = options.out.empty() ? free_folder(scenario.resolved()["name"].text())
                                                     : std::filesystem::path(options.out);
  auto results = results::Folder::results_in(folder);
  if (results && !options.replace) {
    std::fprintf(stderr, "telegrad: %s: %s; give another --out, or --replace\n", folder.c_str(),
                 results->c_str());
    return kWrongUsage;
  }
  auto replace = options.replace ? results::Replace::yes : results::Replace::no;
  auto session = scenario.build([&](const Value& resolved) {
    return std::make_unique<Session>(resolved, options.threads, folder, replace);
  });
  try {
    int code = session->run();
    std::printf("%s\n", session->summary().c_str());
    session.reset();
    show(folder, options);
    return code;
  } catch (const RunError&) {
    session.reset();
    show(folder, options);  // the rounds so far, and why there are no more
    throw;
  }
}

}  // namespace

void add_run(CLI::App& app, Action& action) {
  CLI::App* verb = app.add_subcommand("run", "train, and write what it took");
  auto options = std::make_shared<Options>();
  add_scenario_options(*verb, options->scenario);
  verb->add_option("--out", options->out, "folder for the results; left out: runs/NAME, numbered");
  verb->add_option("--threads", options->threads,
                   "host threads; left out: the scenario's; results do not depend on it")
      ->check(CLI::Range(1, 1024));
  verb->add_flag("--replace", options->replace, "results that lie in the folder already go");
  verb->add_flag("--no-report", options->no_report, "make no pictures and no page");
  verb->callback([&action, options] { action = [options] { return run(*options); }; });
}

}  // namespace telegrad::app
