// What is read from a sweep's database, by the sweep itself and by other programs while it runs.

#include "sim/sweep/database.h"
#include "sim/sweep/key.h"

namespace telegrad::sweep {

using results::Statement;

bool has_tables(const results::Database& database) {
  return database.text("SELECT name FROM sqlite_master WHERE name = 'job'").has_value();
}

Counts counts(const results::Database& database) {
  Counts counts;
  Statement rows = database.prepare("SELECT status, source, count(*) FROM cell GROUP BY status, source");
  while (rows.step()) {
    auto many = static_cast<std::size_t>(rows.integer(2));
    std::string_view status = rows.text(0);
    if (status == "waiting") counts.waiting += many;
    if (status == "running") counts.running += many;
    if (status == "failed") counts.failed += many;
    if (status == "set_aside") counts.set_aside += many;
    if (status == "done") counts.done += many;
    if (status == "done" && rows.text(1) == "cached") counts.cached += many;
  }
  return counts;
}

std::string logical_hash(const results::Database& database) {
  Value::Array dump;
  auto add = [&](const char* query) {
    Statement rows = database.prepare(query);
    while (rows.step()) {
      Value::Array row;
      for (int i = 0; i < rows.columns(); ++i) {
        if (rows.is_null(i)) {
          row.emplace_back();
        } else if (rows.is_real(i)) {
          row.emplace_back(rows.number(i));
        } else if (rows.is_text(i)) {
          row.emplace_back(std::string(rows.text(i)));
        } else {
          row.emplace_back(rows.integer(i));
        }
      }
      dump.emplace_back(std::move(row));
    }
  };
  add("SELECT cell, labels, training_seed, network_seed, scenario, key, kind, status, reason, detail, ended,"
      " fingerprint, parameters, phy_rate_mbps, rounds, simulated_s, goodput_mbps, fast_forwarded,"
      " sampling_interval, link_independence FROM cell ORDER BY cell");
  add("SELECT * FROM round ORDER BY cell, round");
  add("SELECT * FROM target ORDER BY cell, target");
  return key_of(dump);
}

}  // namespace telegrad::sweep
