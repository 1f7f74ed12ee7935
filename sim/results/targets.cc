#include "sim/results/targets.h"

#include "sim/core/errors.h"

namespace telegrad::results {
namespace {

Value number_or_null(const std::optional<double>& value) { return value ? Value(*value) : Value(); }

Value number_or_null(const std::optional<std::uint64_t>& value) {
  return value ? Value(static_cast<std::int64_t>(*value)) : Value();
}

}  // namespace

Target judge(double target, std::string_view split, std::span<const Evaluated> evaluations) {
  Target result{.target = target, .split = std::string(split)};
  for (const Evaluated& evaluation : evaluations) {
    if (evaluation.accuracy >= target) {
      result.reached = true;
      result.by_s = evaluation.simulated_s;
      result.round = evaluation.round;
      break;
    }
    result.after_s = evaluation.simulated_s;
    result.after_round = evaluation.round;
  }
  return result;
}

std::vector<Target> judge(const Database& database, std::span<const double> targets, std::string_view split) {
  expect(split == "validation" || split == "test", "a split with labels");
  std::string column = std::string(split) + "_accuracy";
  Statement rows = database.prepare("SELECT round, simulated_s, " + column + " FROM round WHERE " + column +
                                    " IS NOT NULL ORDER BY round");
  std::vector<Evaluated> evaluations;
  while (rows.step()) {
    evaluations.push_back({static_cast<std::uint64_t>(rows.integer(0)), rows.number(1), rows.number(2)});
  }
  std::vector<Target> result;
  for (double target : targets) result.push_back(judge(target, split, evaluations));
  return result;
}

Value to_value(const std::vector<Target>& targets) {
  Value::Array list;
  for (const Target& target : targets) {
    list.push_back(Value::Object{{"target", target.target},
                                 {"split", target.split},
                                 {"reached", target.reached},
                                 {"after_s", number_or_null(target.after_s)},
                                 {"after_round", number_or_null(target.after_round)},
                                 {"by_s", number_or_null(target.by_s)},
                                 {"round", number_or_null(target.round)}});
  }
  return list;
}

}  // namespace telegrad::results
