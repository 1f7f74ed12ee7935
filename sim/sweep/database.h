#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sim/results/database.h"
#include "sim/results/digest.h"
#include "sim/sweep/job.h"
#include "sim/sweep/sentences.h"

namespace telegrad::sweep {

inline constexpr int kSweepSchemaVersion = 1;

/// A cell as a sweep begins with it.
struct CellRow {
  std::size_t number = 0;
  Value labels;  // {axis: label}
  Seeds seeds;
  Value scenario;  // resolved
  std::string key;
  JobKind kind = JobKind::coupled;
  std::string link_dependence;
};

/// What a target is judged on.
struct Judging {
  std::vector<double> targets;
  std::string split;  // "validation" or "test"
};

/// How many cells are in which state.
struct Counts {
  std::size_t waiting = 0, running = 0, done = 0, cached = 0, failed = 0, set_aside = 0;
  std::size_t all() const { return waiting + running + done + failed + set_aside; }
};

/// sweep.db: what a sweep was asked for, and what has come of it. Each call is one transaction: whatever ends the
/// process, a cell is in it whole or not at all. Throws RunError(storage).
class SweepDatabase final {
 public:
  /// Opens the one in this folder, or makes it.
  explicit SweepDatabase(const std::filesystem::path& folder);
  static std::filesystem::path file_in(const std::filesystem::path& folder) { return folder / "sweep.db"; }

  void set_meta(const std::string& key, const Value& value);
  Value meta(const std::string& key) const;

  /// Adds those that are not there yet; a cell whose key has changed is forgotten first. What ran when the process
  /// ended waits again. Returns how many finished cells were forgotten.
  std::size_t add_cells(const std::vector<CellRow>& cells);

  void set_running(const std::vector<std::size_t>& cells);
  void set_waiting(const std::vector<std::size_t>& cells);
  /// Sentences of the digest join those of the sweep.
  void set_done(const std::vector<std::size_t>& cells, const results::Digest& digest, const char* source,
                const Judging& judging);
  /// Whatever is marked as running waits: its process is gone.
  void nothing_runs();
  /// status: "failed" or "set_aside".
  void set_failed(const std::vector<std::size_t>& cells, const char* status, const Failed& failed);

  int attempts(const std::string& job_key) const;
  /// What will run now; those of an earlier process are known already.
  void add_jobs(const std::vector<Job>& jobs);
  void job_started(const Job& job);
  void job_ended(const Job& job, const Exit& exit, const char* status);

  const results::Database& database() const { return database_; }
  const std::string& notice() const { return notice_; }

 private:
  void create();

  results::Database database_;
  Sentences sentences_;
  std::string notice_;
};

/// False for one whose maker was ended before it had made the tables.
bool has_tables(const results::Database& database);

Counts counts(const results::Database& database);

/// A hash of what the sweep found: cells, rounds and targets in their order, without anything of the host. Does not
/// depend on processes, order, shards or interruptions.
std::string logical_hash(const results::Database& database);

}  // namespace telegrad::sweep
