#include "sim/sweep/merge.h"

#include "sim/core/errors.h"
#include "sim/core/json.h"
#include "sim/results/claim.h"
#include "sim/sweep/database.h"

namespace telegrad::sweep {
namespace {

using results::Database;
using results::Statement;
using results::Transaction;

[[noreturn]] void refuse(const std::filesystem::path& shard, const std::string& why) {
  throw RunError(Failure::bad_data, SweepDatabase::file_in(shard).string() + ": " + why);
}

std::string meta_text(const Database& database, const char* schema, const char* key) {
  return database.text("SELECT value FROM " + std::string(schema) + ".meta WHERE key = '" + key + "'")
      .value_or("");
}

/// Sentences of both.
std::string joined(const std::string& a, const std::string& b) {
  if (a.empty()) return b;
  Value all = parse_json(a).value;
  Value more = parse_json(b).value;
  for (Value& sentence : more.items()) {
    auto& items = all.items();
    if (std::find(items.begin(), items.end(), sentence) == items.end()) items.push_back(sentence);
  }
  return dump_json(all);
}

void take(Database& database, const std::filesystem::path& shard, bool first) {
  for (const char* key : {"schema_version", "grid", "identity", "tune"}) {
    if (first) break;
    if (meta_text(database, "main", key) == meta_text(database, "shard", key)) continue;
    refuse(shard, "its '" + std::string(key) + "' is not that of the others; merge shards of one sweep");
  }
  auto conflict = database.text(
      "SELECT a.cell FROM main.cell a JOIN shard.cell b ON a.cell = b.cell"
      " WHERE a.status = 'done' AND b.status = 'done' AND (a.key != b.key OR a.fingerprint != "
      "b.fingerprint)");
  if (conflict) refuse(shard, "its cell " + *conflict + " differs from another shard's; run both again");
  Transaction transaction(database);
  Statement set = database.prepare("INSERT OR REPLACE INTO main.meta VALUES (?, ?)");
  if (first) database.run("INSERT OR REPLACE INTO main.meta SELECT * FROM shard.meta WHERE key != 'request'");
  for (const char* key : {"assumptions", "not_modelled", "warnings"}) {
    set.run(key, joined(first ? "" : meta_text(database, "main", key), meta_text(database, "shard", key)));
  }
  database.run(
      "CREATE TEMP TABLE taken AS SELECT cell FROM shard.cell"
      "  WHERE cell NOT IN (SELECT cell FROM main.cell WHERE status = 'done');"
      "DELETE FROM main.cell WHERE cell IN taken;"
      "DELETE FROM main.round WHERE cell IN taken;"
      "DELETE FROM main.target WHERE cell IN taken;"
      "INSERT INTO main.cell SELECT * FROM shard.cell WHERE cell IN taken;"
      "INSERT INTO main.round SELECT * FROM shard.round WHERE cell IN taken;"
      "INSERT INTO main.target SELECT * FROM shard.target WHERE cell IN taken;"
      "INSERT OR IGNORE INTO main.job SELECT * FROM shard.job;"
      "DROP TABLE taken");
  transaction.commit();
}

}  // namespace

void merge(const std::filesystem::path& out, const std::vector<std::filesystem::path>& shards) {
  for (const auto& shard : shards)
    Database::open_to_read(SweepDatabase::file_in(shard));  // all there, or nothing
  results::Claim claim(out);
  if (std::filesystem::exists(SweepDatabase::file_in(out))) {
    refuse(out, "it holds a sweep already; choose another folder");
  }
  { SweepDatabase made(out); }
  Database database = Database::open(SweepDatabase::file_in(out));
  bool first = true;
  for (const auto& shard : shards) {
    database.prepare("ATTACH ? AS shard")
        .run(std::filesystem::absolute(SweepDatabase::file_in(shard)).string());
    take(database, shard, first);
    database.run("DETACH shard");
    first = false;
  }
}

}  // namespace telegrad::sweep
