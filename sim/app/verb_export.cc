#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>

#include "sim/app/command_line.h"
#include "sim/app/verbs.h"
#include "sim/results/database.h"
#include "sim/results/export_csv.h"

namespace telegrad::app {
namespace {

struct Options {
  std::string folder;
  bool csv = false;
};

int export_tables(const std::filesystem::path& folder) {
  auto database = results::Database::open_to_read(folder / "results.db");
  for (const auto& file : results::export_csv(database, folder)) std::printf("%s\n", file.c_str());
  return kDone;
}

}  // namespace

void add_export(CLI::App& app, Action& action) {
  CLI::App* verb = app.add_subcommand("export", "write a run's tables into files for other programs");
  auto options = std::make_shared<Options>();
  verb->add_option("DIR", options->folder, "folder of a run")->required();
  verb->add_flag("--csv", options->csv, "rounds.csv, messages.csv, spans.csv, nodes.csv")->required();
  verb->callback([&action, options] { action = [options] { return export_tables(options->folder); }; });
}

}  // namespace telegrad::app
