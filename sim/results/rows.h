#pragma once

#include <array>
#include <unordered_map>
#include <variant>
#include <vector>

#include "sim/core/observer.h"
#include "sim/results/database.h"
#include "sim/results/leg.h"

namespace telegrad::results {

struct SpanRow {
  NodeId node;
  std::uint64_t round = 0;
  Phase phase = Phase::wait;
  SimTime begin{};
  SimTime end{};
};

struct EvaluationRow {
  std::uint64_t round = 0;
  Evaluation evaluation;
};

using Row = std::variant<MessageRecord, SpanRow, RoundRecord, EvaluationRow, ContributionRecord>;

/// Puts what was observed into the tables, and keeps each round's sums of its messages: also of those that were
/// settled before the round began for others, or after it had ended.
class Rows final {
 public:
  explicit Rows(Database& database);
  /// All of a batch or nothing. Throws RunError(storage).
  void store(const std::vector<Row>& batch);

 private:
  struct Bytes {
    std::uint64_t information_bits = 0;
    std::uint64_t serialised = 0;
    std::uint64_t control = 0;
  };
  struct Sums {
    std::array<Bytes, 2> legs;  // by Leg
    bool written = false;       // the round has a row
    bool stale = false;         // that row lacks messages
  };

  void store(const MessageRecord& message);
  void store(const SpanRow& span);
  void store(const RoundRecord& round);
  void store(const EvaluationRow& row);
  void store(const ContributionRecord& contribution);
  void refresh();

  Database& database_;
  Statement message_;
  Statement span_;
  Statement round_;
  Statement evaluation_;
  Statement contribution_;
  Statement refresh_;
  std::unordered_map<std::uint64_t, Sums> sums_;  // by round
  std::vector<std::uint64_t> stale_;
};

}  // namespace telegrad::results
