// Where the time of a median round went.

#include <algorithm>
#include <array>

#include "sim/results/critical_path.h"
#include "sim/results/summary_lines.h"
#include "sim/results/words.h"

namespace telegrad::results {
namespace {

constexpr std::array kPhases = {Phase::gradient, Phase::encode, Phase::queue,  Phase::air,  Phase::closing,
                                Phase::wait,     Phase::fold,   Phase::decode, Phase::apply};
constexpr std::array kComputed = {Phase::gradient, Phase::encode, Phase::fold, Phase::decode, Phase::apply};

struct Interval {
  std::uint64_t round = 0;
  SimTime begin{};
  SimTime end{};
  SimTime length() const { return end - begin; }
};

/// The round of median duration; of two, the shorter one. rounds: not empty.
Interval median(std::vector<Interval> rounds) {
  auto middle = rounds.begin() + static_cast<std::ptrdiff_t>((rounds.size() - 1) / 2);
  std::nth_element(rounds.begin(), middle, rounds.end(), [](const Interval& a, const Interval& b) {
    return std::pair(a.length(), a.round) < std::pair(b.length(), b.round);
  });
  return *middle;
}

std::vector<Interval> read_rounds(const Database& database) {
  Statement rows = database.prepare("SELECT round, begin_s, simulated_s FROM round");
  std::vector<Interval> rounds;
  while (rows.step()) {
    rounds.push_back({static_cast<std::uint64_t>(rows.integer(0)), from_seconds(rows.number(1)),
                      from_seconds(rows.number(2))});
  }
  return rounds;
}

/// Computations that never took any time in this run.
std::string not_modelled(const Database& database) {
  std::string names;
  for (Phase phase : kComputed) {
    Statement row = database.prepare("SELECT 1 FROM span WHERE phase = ? AND end_ns > begin_ns LIMIT 1");
    if (row.bind_all(to_string(phase)).step()) continue;
    names += (names.empty() ? "" : ", ") + std::string(to_string(phase));
  }
  return names;
}

}  // namespace

std::vector<SummaryLine> round_lines(const Database& database) {
  auto rounds = read_rounds(database);
  if (rounds.empty()) return {};
  Interval round = median(std::move(rounds));
  std::vector<SummaryLine> lines = {{"median round", seconds_in_words(seconds(round.length())) + " (round " +
                                                         count_in_words(round.round) + ")"}};
  auto path = critical_path(database, round.round, round.begin, round.end);
  if (path.empty()) return lines;
  for (Phase phase : kPhases) {
    SimTime time{};
    for (const Segment& segment : path)
      time += segment.phase == phase ? segment.end - segment.begin : SimTime{};
    if (time == SimTime{}) continue;
    double share = seconds(time) / seconds(round.length());
    lines.push_back({std::string("  ") + to_string(phase),
                     seconds_in_words(seconds(time)) + ", " + share_in_words(share)});
  }
  if (auto names = not_modelled(database); !names.empty()) lines.push_back({"  not modelled", names});
  return lines;
}

}  // namespace telegrad::results
