#include "sim/sweep/judge.h"

#include <deque>
#include <numeric>

namespace telegrad::sweep {

Reached judge(double target, const std::string& split, const results::Digest& digest) {
  Reached result;
  std::deque<double> latest;
  std::optional<OnAir> spent = OnAir{};
  for (const results::RoundDigest& round : digest.rounds) {
    if (spent && round.record.on_air) {
      spent->up += round.record.on_air->up;
      spent->down += round.record.on_air->down;
    } else {
      spent.reset();
    }
    const Evaluation& evaluation = round.evaluation;
    auto accuracy = split == "test" ? evaluation.test_accuracy : evaluation.validation_accuracy;
    if (!accuracy) continue;
    latest.push_back(*accuracy);
    if (latest.size() > kJudgedTogether) latest.pop_front();
    double mean = std::accumulate(latest.begin(), latest.end(), 0.0) / static_cast<double>(latest.size());
    if (latest.size() == kJudgedTogether && mean >= target) {
      result.reached = true;
      result.by_s = seconds(round.record.end);
      result.round = round.record.round;
      result.test_accuracy = evaluation.test_accuracy;
      if (spent) {
        result.up_on_air_bytes = spent->up;
        result.down_on_air_bytes = spent->down;
      }
      return result;
    }
    result.after_s = seconds(round.record.end);
    result.after_round = round.record.round;
  }
  return result;
}

}  // namespace telegrad::sweep
