// Which contributions were not there when a collection closed, and for whom the others waited.

#include "sim/results/summary_lines.h"
#include "sim/results/words.h"

namespace telegrad::results {
namespace {

/// "14 of 200 came after the close (dropped), 3 never".
std::string late(const Database& database) {
  Statement rows = database.prepare(
      "SELECT fate, count(*), (SELECT count(*) FROM contribution) FROM contribution"
      " WHERE fate IN ('dropped', 'returned', 'deferred', 'missing') GROUP BY fate ORDER BY fate");
  std::string text;
  while (rows.step()) {
    const auto count = count_in_words(static_cast<std::uint64_t>(rows.integer(1)));
    const std::string fate(rows.text(0));
    text += text.empty() ? "" : ", ";
    text += fate == "missing" ? count + " never came" : count + " came after the close (" + fate + ")";
    if (text.find(" of ") == std::string::npos) {
      text.insert(count.size(), " of " + count_in_words(static_cast<std::uint64_t>(rows.integer(2))));
    }
  }
  return text;
}

/// The worker that was last, most often, and how long its collections waited for it beyond the one before it.
std::string slowest(const Database& database) {
  Statement row = database.prepare(
      "WITH ranked AS (SELECT node, arrived_ns, row_number() OVER together AS place,"
      "   lead(arrived_ns) OVER together AS before FROM contribution WHERE fate IN ('applied', 'partly')"
      "   WINDOW together AS (PARTITION BY closed_ns ORDER BY arrived_ns DESC, node)),"
      " last AS (SELECT * FROM ranked WHERE place = 1 AND before IS NOT NULL)"
      " SELECT node, count(*), sum(arrived_ns - before) / 1e9, (SELECT count(*) FROM last) FROM last"
      " WHERE arrived_ns > before GROUP BY node ORDER BY count(*) DESC, node LIMIT 1");
  if (!row.step() || row.is_null(2)) return "";
  return "worker " + std::to_string(row.integer(0)) + " was the last in " +
         share_in_words(static_cast<double>(row.integer(1)) / static_cast<double>(row.integer(3))) +
         " of the collections, in all " + seconds_in_words(row.number(2)) + " after the one before it";
}

}  // namespace

std::vector<SummaryLine> waiting_lines(const Database& database) {
  std::vector<SummaryLine> lines;
  Statement table = database.prepare("SELECT 1 FROM sqlite_master WHERE name = 'contribution'");
  if (!table.step()) return lines;  // an older database
  if (auto text = late(database); !text.empty()) lines.push_back({"late", text});
  if (auto text = slowest(database); !text.empty()) lines.push_back({"waited for", text});
  return lines;
}

}  // namespace telegrad::results
