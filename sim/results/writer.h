#pragma once

#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "sim/core/errors.h"
#include "sim/core/observer.h"
#include "sim/results/folder.h"
#include "sim/results/journal.h"
#include "sim/results/manifest.h"
#include "sim/results/reserve.h"
#include "sim/results/rows.h"

namespace telegrad::results {

/// Writes results.db as the run goes. A thread of its own does all of SQLite's work and commits at least once a
/// second, so whatever ends the process, the rounds so far are kept and readable.
///
/// A failure of that thread (a full disk) leaves the next call of an observer's function as RunError(storage).
class Writer final : public Observer {
 public:
  /// Throws RunError(storage).
  Writer(const Folder& folder, Manifest manifest, Journal journal = Journal::automatic);
  ~Writer() override;

  void message(const MessageRecord& record) override;
  void span(NodeId node, std::uint64_t round, Phase phase, SimTime from, SimTime to) override;
  void round(const RoundRecord& record) override;
  void evaluated(std::uint64_t round, const Evaluation& evaluation) override;
  void contribution(const ContributionRecord& record) override;

  /// Returns when all that was observed so far is committed. Throws RunError(storage).
  void flush();
  /// Commits what is left, judges the targets and says how the run ended; nothing is observed after that. A
  /// failure that no observer's call has thrown yet becomes the ending instead, and is thrown here. After a failed
  /// run it may be called again, with that failure as the ending.
  void finish(const Ending& ending);

  /// What the user should know of how the database is kept; "" for nothing.
  const std::string& notice() const { return notice_; }

 private:
  void push(Row row);
  void write_rows();
  void stop();

  Manifest manifest_;
  Reserve reserve_;
  Database database_;
  std::string notice_;
  std::optional<Rows> rows_;

  std::mutex mutex_;
  std::condition_variable work_;  // for the thread: there is something to do
  std::condition_variable done_;  // for the others: a batch is committed, or the thread has failed
  std::vector<Row> waiting_;
  std::uint64_t observed_ = 0;
  std::uint64_t committed_ = 0;
  bool hurry_ = false;
  bool closing_ = false;
  bool thrown_ = false;
  std::optional<RunError> failure_;
  std::thread thread_;
};

}  // namespace telegrad::results
