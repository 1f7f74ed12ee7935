// What was learned, and when: targets and accuracies.

#include <cstdio>

#include "sim/results/schema.h"
#include "sim/results/summary_lines.h"
#include "sim/results/words.h"

namespace telegrad::results {
namespace {

/// "80 %", "82.5 %".
std::string percent(double share) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4g %%", 100 * share);
  return text;
}

Value part(const Value& target, const char* key) {
  const Value* found = target.find(key);
  return found == nullptr ? Value() : *found;
}

/// "round 60", "rounds 50 to 60"; as much of it as is known.
std::string rounds_of(const Value& target) {
  std::string text;
  for (const char* key : {"after_round", "round"}) {
    Value round = part(target, key);
    if (!round.is_integer()) continue;
    std::string number = count_in_words(static_cast<std::uint64_t>(round.integer()));
    text = text.empty() ? "round " + number : "rounds" + text.substr(5) + " to " + number;
  }
  return text.empty() ? "" : " (" + text + ")";
}

std::string interval(const Value& target) {
  Value after_s = part(target, "after_s");
  Value by_s = part(target, "by_s");
  std::string after = after_s.is_number() ? seconds_in_words(after_s.number()) : "";
  if (!by_s.is_number()) {
    return after.empty() ? "not reached: never evaluated" : "not reached by " + after + rounds_of(target);
  }
  std::string by = seconds_in_words(by_s.number()) + rounds_of(target);
  return after.empty() ? "reached by " + by + ", the first evaluation"
                       : "reached between " + after + " and " + by;
}

}  // namespace

std::vector<SummaryLine> target_lines(const Database& database) {
  std::vector<SummaryLine> lines;
  const Value targets = read_meta(database, "targets");
  if (!targets.is_array()) return lines;
  for (const Value& target : targets.items()) {
    Value split = part(target, "split");
    Value accuracy = part(target, "target");
    if (!split.is_text() || !accuracy.is_number()) continue;
    lines.push_back({split.text() + " " + percent(accuracy.number()), interval(target)});
  }
  return lines;
}

std::vector<SummaryLine> accuracy_lines(const Database& database) {
  std::vector<SummaryLine> lines;
  for (std::string split : {"validation", "test"}) {
    std::string column = split + "_accuracy";
    Statement row = database.prepare("SELECT round, " + column + " FROM round WHERE " + column +
                                     " IS NOT NULL ORDER BY round DESC LIMIT 1");
    if (!row.step()) continue;
    lines.push_back({split + " accuracy", share_in_words(row.number(1)) + " after round " +
                                              count_in_words(static_cast<std::uint64_t>(row.integer(0)))});
  }
  return lines;
}

}  // namespace telegrad::results
