#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>

#include "sim/app/command_line.h"
#include "sim/app/report.h"
#include "sim/app/verbs.h"
#include "sim/results/database.h"
#include "sim/results/export_csv.h"

namespace telegrad::app {
namespace {

struct Options {
  std::string folder;
  std::string format;
  std::string out;
  bool csv = false;
};

int export_tables(const Options& options) {
  std::filesystem::path folder = options.folder;
  if (!options.csv) return make_export(folder, options.format, options.out);
  auto database = results::Database::open_to_read(folder / "results.db");
  for (const auto& file : results::export_csv(database, folder)) std::printf("%s\n", file.c_str());
  return kDone;
}

}  // namespace

void add_export(CLI::App& app, Action& action) {
  CLI::App* verb = app.add_subcommand("export", "write the tables of a run or a sweep for other programs");
  auto options = std::make_shared<Options>();
  verb->add_option("DIR", options->folder, "folder of a run or a sweep")->required();
  auto* format =
      verb->add_option("--format", options->format,
                       "cells, rounds and targets as files; tensorboard: event files at simulated time")
          ->check(CLI::IsMember({"csv", "parquet", "json", "tensorboard"}));
  verb->add_option("--out", options->out, "folder for them; left out: DIR/export");
  verb->add_flag("--csv", options->csv, "of a run: rounds.csv, messages.csv, spans.csv, nodes.csv in DIR")
      ->excludes(format);
  verb->callback([&action, options] {
    if (!options->csv && options->format.empty()) {
      throw CLI::ValidationError("export", "give --format csv, parquet, json or tensorboard, or --csv");
    }
    action = [options] { return export_tables(*options); };
  });
}

}  // namespace telegrad::app
