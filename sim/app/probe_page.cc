#include <algorithm>
#include <cmath>

#include "sim/app/probe.h"
#include "sim/app/text_table.h"
#include "sim/core/expectation.h"
#include "sim/results/words.h"

namespace telegrad::app {
namespace {

constexpr std::size_t kMostColumns = 16;  // more workers are shown by --json

std::string cell(const std::optional<double>& seconds) {
  return seconds ? results::seconds_in_words(*seconds) : "lost";
}

std::vector<std::string> row(const std::string& round, const char* way, const ProbeLeg& leg) {
  std::vector<std::string> cells{round, way, cell(leg.slowest()), cell(leg.median()),
                                 std::to_string(leg.lost_blocks) + "/" + std::to_string(leg.blocks)};
  if (leg.seconds.size() > kMostColumns) return cells;
  for (const auto& seconds : leg.seconds) cells.push_back(cell(seconds));
  return cells;
}

Value to_value(const ProbeLeg& leg) {
  auto number = [](const std::optional<double>& seconds) { return seconds ? Value(*seconds) : Value(); };
  Value::Array workers;
  for (const auto& seconds : leg.seconds) workers.push_back(number(seconds));
  return Value(Value::Object{{"slowest_s", number(leg.slowest())},
                             {"median_s", number(leg.median())},
                             {"blocks", Value(static_cast<std::int64_t>(leg.blocks))},
                             {"lost_blocks", Value(static_cast<std::int64_t>(leg.lost_blocks))},
                             {"workers_s", Value(std::move(workers))}});
}

Value bytes_or_null(const std::optional<OnAir>& on_air, std::uint64_t OnAir::*way) {
  return on_air ? Value(static_cast<std::int64_t>((*on_air).*way)) : Value();
}

}  // namespace

std::string probe_page(const ProbeResult& result) {
  std::string page =
      results::bytes_in_words(static_cast<double>(result.bytes)) +
      (result.exchange == "star" ? " from every worker to the server and back"
                                 : " of every worker, summed by the exchange '" + result.exchange + "'");
  if (result.phy_rate_mbps)
    page += "; PHY rate " + plain_number(std::round(100 * *result.phy_rate_mbps) / 100) + " Mbit/s";
  if (result.device_rate_mbps)
    page += "; each worker's link " + plain_number(*result.device_rate_mbps) + " Mbit/s each way";
  page += "\n\n";
  std::vector<std::vector<std::string>> rows{{"round", "way", "slowest", "median", "lost blocks"}};
  std::size_t workers = result.rounds.empty() ? 0 : result.rounds.front().up.seconds.size();
  for (std::size_t i = 0; i < workers && workers <= kMostColumns; ++i)
    rows[0].push_back("w" + std::to_string(i));
  double total = 0;
  for (std::size_t i = 0; i < result.rounds.size(); ++i) {
    const ProbeRound& round = result.rounds[i];
    rows.push_back(row(std::to_string(i + 1), "up", round.up));
    rows.push_back(row("", "down", round.down));
    total = round.end_s;
  }
  page += text_table(rows);
  std::size_t count = std::max<std::size_t>(1, result.rounds.size());
  return page + "\n" + std::to_string(result.rounds.size()) + " rounds took " +
         results::seconds_in_words(total) + " of simulated time, " +
         results::seconds_in_words(total / static_cast<double>(count)) + " each\n";
}

Value to_value(const ProbeResult& result) {
  Value::Array rounds;
  for (const ProbeRound& round : result.rounds) {
    rounds.push_back(Value(Value::Object{{"begin_s", Value(round.begin_s)},
                                         {"end_s", Value(round.end_s)},
                                         {"up", to_value(round.up)},
                                         {"down", to_value(round.down)},
                                         {"up_on_air_bytes", bytes_or_null(round.on_air, &OnAir::up)},
                                         {"down_on_air_bytes", bytes_or_null(round.on_air, &OnAir::down)}}));
  }
  return Value(
      Value::Object{{"bytes", Value(static_cast<std::int64_t>(result.bytes))},
                    {"phy_rate_mbps", result.phy_rate_mbps ? Value(*result.phy_rate_mbps) : Value()},
                    {"device_rate_mbps", result.device_rate_mbps ? Value(*result.device_rate_mbps) : Value()},
                    {"rounds", Value(std::move(rounds))}});
}

}  // namespace telegrad::app
