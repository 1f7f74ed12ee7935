#include "sim/results/schema.h"

#include "sim/core/json.h"
#include "sim/results/targets.h"

namespace telegrad::results {
namespace {

// meta.value is a JSON text. Times in _s and _ns are simulated. A NULL is what was not measured or is not modelled.
// fast_forwarded: 1 where communication was drawn, not simulated (since version 2).
// overheard: 1 where one transmission served several receivers and its bytes count in another's row (since version 3).
// contribution: what became of each that a hub asked for (since version 3; none where there is no hub).
constexpr const char* kTables = R"(
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT);
CREATE TABLE node(node INTEGER PRIMARY KEY, role TEXT, x REAL, y REAL, samples INTEGER, label_histogram TEXT,
  speed_factor REAL);
CREATE TABLE round(round INTEGER PRIMARY KEY, begin_s REAL, simulated_s REAL, train_loss REAL,
  validation_accuracy REAL, test_accuracy REAL, validation_loss REAL, test_loss REAL, participants INTEGER,
  up_information_bits INTEGER, up_serialised_bytes INTEGER, up_control_bytes INTEGER, up_on_air_bytes INTEGER,
  down_information_bits INTEGER, down_serialised_bytes INTEGER, down_control_bytes INTEGER,
  down_on_air_bytes INTEGER, fast_forwarded INTEGER);
CREATE TABLE message(id INTEGER PRIMARY KEY, from_node INTEGER, to_node INTEGER, round INTEGER, purpose TEXT,
  channel INTEGER, blocks INTEGER, lost_blocks INTEGER, bytes INTEGER, control_bytes INTEGER, queued_ns INTEGER,
  sent_ns INTEGER, arrived_ns INTEGER, delivered_ns INTEGER, outcome TEXT, fast_forwarded INTEGER,
  overheard INTEGER);
CREATE TABLE span(node INTEGER, round INTEGER, phase TEXT, begin_ns INTEGER, end_ns INTEGER);
CREATE TABLE contribution(node INTEGER, operation INTEGER, round INTEGER, fate TEXT, arrived_ns INTEGER,
  closed_ns INTEGER, PRIMARY KEY(node, operation));
)";

template <class T>
Value or_null(const std::optional<T>& value) {
  return value ? Value(*value) : Value();
}

void write_meta(Database& database, const Value::Object& pairs) {
  Statement statement = database.prepare("INSERT OR REPLACE INTO meta VALUES (?, ?)");
  for (const auto& [key, value] : pairs) statement.run(key, dump_json(value));
}

void write_nodes(Database& database, const std::vector<NodeRow>& nodes) {
  Statement statement = database.prepare("INSERT INTO node VALUES (?, ?, ?, ?, ?, ?, ?)");
  for (const NodeRow& node : nodes) {
    std::optional<std::string> histogram;
    if (node.label_histogram) {
      Value::Array counts;
      for (std::uint64_t count : *node.label_histogram) counts.push_back(static_cast<std::int64_t>(count));
      histogram = dump_json(counts);
    }
    statement.run(node.node, node.role, node.x, node.y, node.samples, histogram, node.speed_factor);
  }
}

Value::Object host(const Manifest& manifest) {
  return {{"threads", std::int64_t{manifest.threads}}, {"date", manifest.date}};
}

}  // namespace

void write_beginning(Database& database, const Manifest& manifest) {
  Transaction transaction(database);
  database.run(kTables);
  write_nodes(database, manifest.nodes);
  write_meta(database, {{"schema_version", kSchemaVersion},
                        {"name", manifest.name},
                        {"status", "running"},
                        {"status_reason", Value()},
                        {"status_detail", Value()},
                        {"scenario", manifest.scenario},
                        {"versions", manifest.versions},
                        {"seeds", manifest.seeds},
                        {"fingerprint", Value()},
                        {"assumptions", texts(manifest.assumptions)},
                        {"not_modelled", texts(manifest.not_modelled)},
                        {"warnings", texts(manifest.warnings)},
                        {"remarks", Value::Array()},
                        {"sampling", Value()},
                        {"targets", Value::Array()},
                        {"parameters", static_cast<std::int64_t>(manifest.parameters)},
                        {"phy_rate_mbps", or_null(manifest.phy_rate_mbps)},
                        {"link_independent", manifest.link_independent},
                        {"host", host(manifest)}});
  transaction.commit();
}

void write_ending(Database& database, const Manifest& manifest, const Ending& ending) {
  Value::Object on_host = host(manifest);
  on_host.insert(on_host.begin(), {"wall_s", ending.wall_s});
  Transaction transaction(database);
  write_meta(database, {{"status", ending.status},
                        {"status_reason", ending.reason},
                        {"status_detail", ending.detail.empty() ? Value() : Value(ending.detail)},
                        {"fingerprint", ending.fingerprint},
                        {"remarks", texts(ending.remarks)},
                        {"sampling", ending.sampling},
                        {"targets", to_value(judge(database, manifest.targets, manifest.target_split))},
                        {"host", on_host}});
  transaction.commit();
}

Value read_meta(const Database& database, std::string_view key) {
  Statement statement = database.prepare("SELECT value FROM meta WHERE key = ?");
  return statement.bind_all(key).step() ? parse_json(statement.text(0)).value : Value();
}

}  // namespace telegrad::results
