#include "sim/results/summary.h"

#include "sim/results/schema.h"
#include "sim/results/summary_lines.h"
#include "sim/results/words.h"

namespace telegrad::results {
namespace {

std::string text_or(const Value& value, const char* otherwise) {
  return value.is_text() ? value.text() : otherwise;
}

/// "first: done (max rounds), 200 rounds in 31.40 s of simulated time; 62.10 s on this host".
std::string headline(const Database& database) {
  std::string status = text_or(read_meta(database, "status"), "unknown");
  std::string reason = text_or(read_meta(database, "status_reason"), "");
  for (char& c : reason) c = c == '_' ? ' ' : c;
  Statement row = database.prepare("SELECT count(*), max(simulated_s) FROM round");
  row.step();
  std::string line = text_or(read_meta(database, "name"), "run") + ": " + status;
  if (!reason.empty()) line += " (" + reason + ")";
  line += ", " + counted(static_cast<std::uint64_t>(row.integer(0)), "round");
  if (!row.is_null(1)) line += " in " + seconds_in_words(row.number(1)) + " of simulated time";
  const Value host = read_meta(database, "host");
  const Value* wall = host.find("wall_s");
  if (wall != nullptr && wall->is_number()) line += "; " + seconds_in_words(wall->number()) + " on this host";
  std::string detail = text_or(read_meta(database, "status_detail"), "");
  return detail.empty() ? line : line + "\n  " + detail;
}

}  // namespace

std::string summary(const Database& database) {
  std::string text = headline(database) + '\n';
  auto add = [&](const std::vector<SummaryLine>& lines) {
    for (const SummaryLine& line : lines) {
      std::string label = line.label;
      label.resize(std::max<std::size_t>(label.size(), 20), ' ');
      text += "  " + label + "  " + line.text + '\n';
    }
  };
  add(sampling_lines(database));
  add(target_lines(database));
  add(accuracy_lines(database));
  add(round_lines(database));
  add(byte_lines(database));
  add(loss_lines(database));
  add(waiting_lines(database));
  const Value remarks = read_meta(database, "remarks");  // absent in older databases
  if (remarks.is_array()) {
    for (const Value& remark : remarks.items()) add({{"method", remark.text()}});
  }
  add({{"uncertainty", "one seed: no uncertainty"}});
  return text;
}

}  // namespace telegrad::results
