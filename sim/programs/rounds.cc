#include "sim/programs/rounds.h"

#include <algorithm>
#include <cmath>

#include "sim/core/errors.h"

namespace telegrad::programs {

Rounds::Rounds(const Host& host, Training& training, std::uint32_t workers, const Budget& budget)
    : host_(host), training_(training), workers_(workers), budget_(budget), last_(budget.max_rounds) {}

Rounds::~Rounds() {
  for (auto& [round, evaluating] : evaluating_) {
    if (evaluating.job != nullptr) host_.pool->abandon(evaluating.job);
  }
}

bool Rounds::open(std::uint64_t round) {
  if (round > last_) return false;
  started_ = std::max(started_, round);
  return true;
}

bool Rounds::due(std::uint64_t round) const {
  return round == last_ || (budget_.evaluate_every > 0 && round % budget_.evaluate_every == 0);
}

void Rounds::contributed(std::uint64_t round, std::uint32_t contributions, const std::vector<Rank>& awaited) {
  if (round <= completed_) return;  // its hub had more to do than its workers waited for
  Open& state = open_[round];
  state.contributions = contributions;
  if (awaited.empty() || awaited.size() == workers_) return;
  state.speaker = *std::min_element(awaited.begin(), awaited.end());
  state.awaited.emplace(awaited.begin(), awaited.end());
  for (const auto& [rank, loss] : state.losses) state.awaited->erase(rank);
}

bool Rounds::ready(const Open& state) const {
  return state.awaited ? state.awaited->empty() : state.losses.size() == workers_;
}

void Rounds::finished(std::uint64_t round, Rank rank, double loss) {
  if (round <= completed_) return;  // it was over without this worker
  Open& state = open_[round];
  state.losses[rank] = loss;
  if (state.awaited) state.awaited->erase(rank);
  if (rank == state.speaker) begin_evaluation(round, rank);
  for (auto next = open_.begin(); next != open_.end() && next->first == completed_ + 1;
       next = open_.begin()) {
    if (!ready(next->second)) return;
    close(next->first, next->second);
    open_.erase(next);
  }
}

void Rounds::learnt(std::uint64_t round, Rank rank, double loss) {
  if (round > completed_) open_[round].losses[rank] = loss;
}

void Rounds::concluded(std::uint64_t round, std::uint32_t contributions) {
  Open& state = open_[round];
  state.contributions = contributions;
  begin_evaluation(round, Rank{0});
  close(round, state);
  open_.erase(round);
}

void Rounds::close(std::uint64_t round, const Open& state) {
  begin_evaluation(round, state.speaker);  // where its hub told late whom it had waited for
  double sum = 0;
  double learners = 0;
  for (const auto& [rank, loss] : state.losses) {
    if (std::isnan(loss)) continue;
    sum += loss;
    ++learners;
  }
  RoundRecord record{.round = round,
                     .begin = previous_end_,
                     .end = host_.network.now(),
                     .train_loss = sum / learners,
                     .participants = state.contributions == 0 ? workers_ : state.contributions,
                     .on_air = std::nullopt,
                     .fast_forwarded = false};
  if (auto total = host_.network.on_air()) {
    record.on_air = *total - on_air_;
    on_air_ = *total;
  }
  host_.network.close(record);
  previous_end_ = record.end;
  completed_ = round;
  host_.observer.round(record);
  join_evaluations(round - 1);
  if (round == budget_.max_rounds) stop_reason_ = "max_rounds";
  // Workers that are late have nothing more to be late for.
  if (round == last_ && !budget_.drains) host_.network.finish();
}

void Rounds::begin_evaluation(std::uint64_t round, Rank of) {
  if (!due(round) || evaluating_.contains(round)) return;
  Evaluating evaluating{std::make_shared<Evaluation>(), nullptr};
  auto job = [result = evaluating.result, evaluate = training_.evaluation(of)] { *result = evaluate(); };
  if (host_.pool != nullptr) {
    evaluating.job = host_.pool->submit(std::move(job));
  } else {
    job();
  }
  evaluating_.emplace(round, std::move(evaluating));
}

void Rounds::join_evaluations(std::uint64_t through) {
  while (!evaluating_.empty() && evaluating_.begin()->first <= through) {
    auto [round, evaluating] = *evaluating_.begin();
    if (evaluating.job != nullptr) host_.pool->join(evaluating.job);
    evaluating_.erase(evaluating_.begin());
    host_.observer.evaluated(round, *evaluating.result);
    auto accuracy = evaluating.result->validation_accuracy ? evaluating.result->validation_accuracy
                                                           : evaluating.result->test_accuracy;
    if (!budget_.stop_at_accuracy || !accuracy || *accuracy < *budget_.stop_at_accuracy) continue;
    // Rounds that some worker may have begun are ended by all: the next but one is the latest where everybody waits
    // for everybody, so that the last round does not depend on the link.
    std::uint64_t last = std::max(started_, round + 2);
    if (last < last_) {
      last_ = last;
      stop_reason_ = "accuracy";
    }
  }
}

void Rounds::finish() { join_evaluations(completed_); }

}  // namespace telegrad::programs
