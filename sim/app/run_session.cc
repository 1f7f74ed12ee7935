#include "sim/app/run_session.h"

#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>
#include <cstdio>

#include "sim/app/command_line.h"
#include "sim/app/free_folder.h"
#include "sim/app/report.h"

namespace telegrad::app {
namespace {

/// Makes the page, and says where everything lies.
void show(const std::filesystem::path& folder, const RunOptions& options) {
  bool page = !options.no_report && reported(folder);
  std::printf("results: %s%s\n", folder.c_str(), page ? "/, page: report.html" : "/");
}

}  // namespace

void add_run_options(CLI::App& verb, RunOptions& options) {
  verb.add_option("--out", options.out, "folder for the results; left out: runs/NAME, numbered");
  verb.add_option("--threads", options.threads,
                  "host threads; left out: the scenario's; results do not depend on it")
      ->check(CLI::Range(1, 1024));
  verb.add_flag("--replace", options.replace, "results that lie in the folder already go");
  verb.add_flag("--no-report", options.no_report, "make no pictures and no page");
}

int run_session(const std::string& name, const RunOptions& options, const MakeSession& make,
                const std::function<void(const Session&)>& after) {
  std::filesystem::path folder = options.out.empty() ? free_folder(name) : std::filesystem::path(options.out);
  auto results = results::Folder::results_in(folder);
  if (results && !options.replace) {
    std::fprintf(stderr, "telegrad: %s: %s; give another --out, or --replace\n", folder.c_str(),
                 results->c_str());
    return kWrongUsage;
  }
  auto session = make(folder, options.replace ? results::Replace::yes : results::Replace::no);
  try {
    int code = session->run();
    std::printf("%s\n", session->summary().c_str());
    if (code == kDone && after) after(*session);
    session.reset();
    show(folder, options);
    return code;
  } catch (const RunError&) {
    session.reset();
    show(folder, options);  // the rounds so far, and why there are no more
    throw;
  }
}

}  // namespace telegrad::app
