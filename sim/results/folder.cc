#include "sim/results/folder.h"

#include <array>
#include <cerrno>
#include <fstream>

#include "sim/core/json.h"
#include "sim/results/database.h"
#include "sim/results/storage_error.h"

namespace telegrad::results {
namespace {

constexpr std::array kProducts = {"results.db",  "results.db-wal", "results.db-shm", "results.db-journal",
                                  "reserve.tmp", "rounds.csv",     "messages.csv",   "spans.csv",
                                  "nodes.csv",   "scenario.json",  "log.txt",        "report.html"};

/// "(done, 200 rounds)"; "" when that is no readable database of ours.
std::string state_of(const std::filesystem::path& file) {
  try {
    Database database = Database::open_to_read(file);
    auto status = database.text("SELECT value FROM meta WHERE key = 'status'");
    auto rounds = database.text("SELECT count(*) FROM round");
    std::string word = status ? parse_json(*status).value.text() : "unknown";
    if (word == "running") word = "not ended";
    return " (" + word + ", " + rounds.value_or("0") + (rounds == "1" ? " round)" : " rounds)");
  } catch (const RunError&) {
    return "";
  }
}

}  // namespace

Folder::Folder(std::filesystem::path path, Replace replace) : path_(std::move(path)), claim_(path_) {
  make_room(replace);
}

std::optional<std::string> Folder::results_in(const std::filesystem::path& path) {
  std::error_code ignored;
  std::filesystem::path file = path / "results.db";
  if (!std::filesystem::exists(file, ignored)) return std::nullopt;
  return "it holds the results of a run" + state_of(file);
}

void Folder::make_room(Replace replace) const {
  auto present = results_in(path_);
  if (!present) return;
  if (replace == Replace::no) {
    throw storage_error(path_, "the folder is taken", *present,
                        "choose another folder with --out, or remove it");
  }
  for (const char* name : kProducts) {
    std::error_code error;
    std::filesystem::remove(path_ / name, error);
    if (error) throw storage_error(path_ / name, "cannot be replaced", error.value());
  }
  std::error_code gone;
  for (const auto& figure : std::filesystem::directory_iterator(path_ / "figures", gone)) {
    auto kind = figure.path().extension();
    if (kind == ".png" || kind == ".svg") std::filesystem::remove(figure.path(), gone);
  }
  for (const auto& output : std::filesystem::directory_iterator(path_ / "ns3", gone)) {
    auto kind = output.path().extension();
    if (kind == ".pcap" || kind == ".xml" || kind == ".txt") std::filesystem::remove(output.path(), gone);
  }
}

void Folder::write(std::string_view name, std::string_view text) const {
  std::filesystem::path file = path_ / name;
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  out << text;
  out.close();
  if (!out) throw storage_error(file, "cannot be written", errno);
}

}  // namespace telegrad::results
