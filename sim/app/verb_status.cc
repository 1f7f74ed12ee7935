#include <CLI/CLI.hpp>
#include <cstdio>

#include "sim/app/command_line.h"
#include "sim/app/verbs.h"
#include "sim/core/json.h"
#include "sim/results/claim.h"
#include "sim/sweep/merge.h"
#include "sim/sweep/status.h"

namespace telegrad::app {
namespace {

int tell(const std::filesystem::path& folder, bool json) {
  auto database = results::Database::open_to_read(sweep::SweepDatabase::file_in(folder));
  if (!sweep::has_tables(database)) {
    std::fprintf(stderr, "telegrad: %s: the sweep has hardly begun; nothing is known of it yet\n",
                 folder.c_str());
    return kRunFailed;
  }
  bool at_work = results::Claim::taken(folder);
  std::string page = json ? dump_json(sweep::status_value(database, at_work), 2) + "\n"
                          : sweep::status_page(database, at_work);
  std::fputs(page.c_str(), stdout);
  return kDone;
}

}  // namespace

void add_status(CLI::App& app, Action& action) {
  CLI::App* verb = app.add_subcommand("status", "say how far a sweep is; it may be running");
  auto folder = std::make_shared<std::string>();
  auto json = std::make_shared<bool>(false);
  verb->add_option("DIR", *folder, "folder of the sweep")->required();
  verb->add_flag("--json", *json, "for programs");
  verb->callback([&action, folder, json] { action = [folder, json] { return tell(*folder, *json); }; });
}

void add_merge(CLI::App& app, Action& action) {
  CLI::App* verb = app.add_subcommand("merge", "join the shards of a sweep");
  auto out = std::make_shared<std::string>();
  auto shards = std::make_shared<std::vector<std::string>>();
  verb->add_option("OUT", *out, "folder for the whole")->required();
  verb->add_option("SHARDS", *shards, "folders of the shards")->required();
  verb->callback([&action, out, shards] {
    action = [out, shards] {
      sweep::merge(*out, {shards->begin(), shards->end()});
      return tell(*out, false);
    };
  });
}

}  // namespace telegrad::app
