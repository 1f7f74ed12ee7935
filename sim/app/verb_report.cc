#include <CLI/CLI.hpp>

#include "sim/app/report.h"
#include "sim/app/verbs.h"

namespace telegrad::app {

void add_report(CLI::App& app, Action& action) {
  CLI::App* verb = app.add_subcommand("report", "make the pictures and the page of a run's results");
  auto folder = std::make_shared<std::string>();
  verb->add_option("DIR", *folder, "folder of a run")->required();
  verb->callback([&action, folder] { action = [folder] { return make_report(*folder); }; });
}

}  // namespace telegrad::app
