#include "sim/sweep/database.h"

#include "sim/core/errors.h"
#include "sim/core/json.h"
#include "sim/results/journal.h"
#include "sim/results/schema.h"
#include "sim/sweep/judge.h"

namespace telegrad::sweep {
namespace {

using results::Statement;
using results::Transaction;

// meta.value, cell.labels and cell.scenario are JSON texts. A NULL is what was not measured or is not modelled.
constexpr const char* kTables = R"(
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT);
CREATE TABLE cell(cell INTEGER PRIMARY KEY, labels TEXT, training_seed INTEGER, network_seed INTEGER,
  scenario TEXT, key TEXT, kind TEXT, status TEXT, source TEXT, attempts INTEGER, reason TEXT, detail TEXT,
  log_tail TEXT, ended TEXT, fingerprint TEXT, parameters INTEGER, phy_rate_mbps REAL, rounds INTEGER,
  simulated_s REAL, goodput_mbps REAL, fast_forwarded INTEGER, sampling_interval REAL, link_independence TEXT,
  host_s REAL, host_memory_mb REAL);
CREATE TABLE round(cell INTEGER, round INTEGER, begin_s REAL, simulated_s REAL, train_loss REAL,
  validation_accuracy REAL, test_accuracy REAL, validation_loss REAL, test_loss REAL, participants INTEGER,
  up_serialised_bytes INTEGER, down_serialised_bytes INTEGER, up_information_bits INTEGER,
  down_information_bits INTEGER, up_on_air_bytes INTEGER, down_on_air_bytes INTEGER, fast_forwarded INTEGER,
  compute_s REAL, straggler_s REAL, encode_s REAL, queueing_s REAL, air_s REAL, retransmission_s REAL,
  closing_s REAL, downlink_s REAL, decode_s REAL, PRIMARY KEY(cell, round)) WITHOUT ROWID;
CREATE TABLE target(cell INTEGER, target REAL, split TEXT, reached INTEGER, after_s REAL, by_s REAL,
  after_round INTEGER, round INTEGER, test_accuracy REAL, up_on_air_bytes INTEGER, down_on_air_bytes INTEGER,
  PRIMARY KEY(cell, target)) WITHOUT ROWID;
CREATE TABLE job(key TEXT PRIMARY KEY, kind TEXT, name TEXT, grouping TEXT, status TEXT, attempts INTEGER, host_s REAL,
  host_memory_mb REAL);
)";

template <class T>
std::optional<double> seconds_of(const std::optional<results::Anatomy>& anatomy, T member) {
  return anatomy ? std::optional(seconds((*anatomy).*member)) : std::nullopt;
}

void insert_rounds(const results::Database& database, std::size_t cell, const results::Digest& digest) {
  using results::Anatomy;
  Statement row =
      database.prepare("INSERT INTO round VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
  for (const results::RoundDigest& round : digest.rounds) {
    const RoundRecord& record = round.record;
    std::optional<std::uint64_t> up;
    std::optional<std::uint64_t> down;
    if (record.on_air) {
      up = record.on_air->up;
      down = record.on_air->down;
    }
    row.run(std::uint64_t{cell}, record.round, seconds(record.begin), seconds(record.end), record.train_loss,
            round.evaluation.validation_accuracy, round.evaluation.test_accuracy,
            round.evaluation.validation_loss, round.evaluation.test_loss, record.participants,
            round.legs[0].serialised_bytes, round.legs[1].serialised_bytes, round.legs[0].information_bits,
            round.legs[1].information_bits, up, down, std::int64_t{record.fast_forwarded},
            seconds_of(round.anatomy, &Anatomy::compute), seconds_of(round.anatomy, &Anatomy::straggler),
            seconds_of(round.anatomy, &Anatomy::encode), seconds_of(round.anatomy, &Anatomy::queueing),
            seconds_of(round.anatomy, &Anatomy::air), seconds_of(round.anatomy, &Anatomy::retransmission),
            seconds_of(round.anatomy, &Anatomy::closing), seconds_of(round.anatomy, &Anatomy::downlink),
            seconds_of(round.anatomy, &Anatomy::decode));
  }
}

void insert_targets(const results::Database& database, std::size_t cell, const results::Digest& digest,
                    const Judging& judging) {
  Statement row = database.prepare("INSERT INTO target VALUES (?,?,?,?,?,?,?,?,?,?,?)");
  for (double target : judging.targets) {
    Reached reached = judge(target, judging.split, digest);
    row.run(std::uint64_t{cell}, target, judging.split, std::int64_t{reached.reached}, reached.after_s,
            reached.by_s, reached.after_round, reached.round, reached.test_accuracy, reached.up_on_air_bytes,
            reached.down_on_air_bytes);
  }
}

}  // namespace

SweepDatabase::SweepDatabase(const std::filesystem::path& folder)
    : database_(results::Database::open(file_in(folder))) {
  notice_ = results::use_journal(database_, results::Journal::automatic);
  if (!has_tables(database_)) create();
  if (meta("schema_version") != Value(kSweepSchemaVersion)) {
    throw RunError(Failure::bad_data,
                   database_.file().string() + ": made by another version of telegrad; begin the sweep anew");
  }
}

void SweepDatabase::create() {
  Transaction transaction(database_);
  database_.run(kTables);
  set_meta("schema_version", kSweepSchemaVersion);
  Sentences::begin(database_);
  transaction.commit();
}

void SweepDatabase::set_meta(const std::string& key, const Value& value) {
  database_.prepare("INSERT OR REPLACE INTO meta VALUES (?, ?)").run(key, dump_json(value));
}

Value SweepDatabase::meta(const std::string& key) const { return results::read_meta(database_, key); }

std::size_t SweepDatabase::add_cells(const std::vector<CellRow>& cells) {
  Transaction transaction(database_);
  Statement known = database_.prepare("SELECT key, status FROM cell WHERE cell = ?");
  Statement add = database_.prepare(
      "INSERT INTO cell(cell, labels, training_seed, network_seed, scenario, key, kind, status, attempts,"
      " link_independence) VALUES (?,?,?,?,?,?,?,'waiting',0,?)");
  std::size_t forgotten = 0;
  for (const CellRow& row : cells) {
    std::uint64_t cell = row.number;
    if (known.bind_all(cell).step()) {
      if (known.text(0) == row.key) continue;
      if (known.text(1) == "done") ++forgotten;
    }
    for (const char* table : {"cell", "round", "target"}) {
      database_.prepare("DELETE FROM " + std::string(table) + " WHERE cell = ?").run(cell);
    }
    add.run(cell, dump_json(row.labels), row.seeds.training, row.seeds.network, dump_json(row.scenario),
            row.key, to_string(row.kind), row.link_dependence);
  }
  nothing_runs();
  transaction.commit();
  return forgotten;
}

void SweepDatabase::nothing_runs() {
  database_.run("UPDATE cell SET status = 'waiting' WHERE status = 'running'");
  database_.run("UPDATE job SET status = 'waiting' WHERE status = 'running'");
}

void SweepDatabase::set_running(const std::vector<std::size_t>& cells) {
  Transaction transaction(database_);
  for (std::size_t cell : cells) {
    database_.prepare("UPDATE cell SET status = 'running', attempts = attempts + 1 WHERE cell = ?")
        .run(std::uint64_t{cell});
  }
  transaction.commit();
}

void SweepDatabase::set_waiting(const std::vector<std::size_t>& cells) {
  Transaction transaction(database_);
  for (std::size_t cell : cells) {
    database_
        .prepare(
            "UPDATE cell SET status = 'waiting', reason = NULL, detail = NULL, log_tail = NULL WHERE cell = "
            "?")
        .run(std::uint64_t{cell});
  }
  transaction.commit();
}

void SweepDatabase::set_done(const std::vector<std::size_t>& cells, const results::Digest& digest,
                             const char* source, const Judging& judging) {
  Transaction transaction(database_);
  for (std::size_t cell : cells) {
    std::uint64_t number = cell;
    for (const char* table : {"round", "target"}) {
      database_.prepare("DELETE FROM " + std::string(table) + " WHERE cell = ?").run(number);
    }
    insert_rounds(database_, cell, digest);
    insert_targets(database_, cell, digest, judging);
    std::optional<double> end;
    if (!digest.rounds.empty()) end = seconds(digest.rounds.back().record.end);
    database_
        .prepare(
            "UPDATE cell SET status = 'done', source = ?, reason = NULL, detail = NULL, log_tail = NULL,"
            " ended = ?, fingerprint = ?, parameters = ?, phy_rate_mbps = ?, rounds = ?, simulated_s = ?,"
            " goodput_mbps = ?, fast_forwarded = ?, sampling_interval = ?, host_s = ?, host_memory_mb = ? "
            "WHERE cell = ?")
        .run(source, digest.ended, digest.fingerprint, digest.parameters, digest.phy_rate_mbps,
             std::uint64_t{digest.rounds.size()}, end, digest.goodput_mbps, digest.fast_forwarded,
             digest.sampling_interval, digest.host_s, digest.host_memory_mb, number);
  }
  sentences_.add(digest, database_);
  transaction.commit();
}

void SweepDatabase::set_failed(const std::vector<std::size_t>& cells, const char* status,
                               const Failed& failed) {
  Transaction transaction(database_);
  for (std::size_t cell : cells) {
    database_.prepare("UPDATE cell SET status = ?, reason = ?, detail = ?, log_tail = ? WHERE cell = ?")
        .run(status, failed.reason, failed.detail, failed.log_tail, std::uint64_t{cell});
  }
  transaction.commit();
}

int SweepDatabase::attempts(const std::string& job_key) const {
  Statement row = database_.prepare("SELECT attempts FROM job WHERE key = ?");
  return row.bind_all(job_key).step() ? static_cast<int>(row.integer(0)) : 0;
}

void SweepDatabase::add_jobs(const std::vector<Job>& jobs) {
  Transaction transaction(database_);
  Statement add = database_.prepare(
      "INSERT INTO job(key, kind, name, grouping, status, attempts) VALUES (?,?,?,?,'waiting',0)"
      " ON CONFLICT(key) DO UPDATE SET status = 'waiting'");
  for (const Job& job : jobs) add.run(job.key, to_string(job.kind), job.name, job.group);
  transaction.commit();
}

void SweepDatabase::job_started(const Job& job) {
  database_.prepare("UPDATE job SET status = 'running', attempts = attempts + 1 WHERE key = ?").run(job.key);
}

void SweepDatabase::job_ended(const Job& job, const Exit& exit, const char* status) {
  database_.prepare("UPDATE job SET status = ?, host_s = ?, host_memory_mb = ? WHERE key = ?")
      .run(status, exit.host_s, exit.memory_mb, job.key);
}

}  // namespace telegrad::sweep
