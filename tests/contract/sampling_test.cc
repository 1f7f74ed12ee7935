// A run that is fast-forwarded does the same work as the full one: the same messages, the same compute times; only
// the times of its drawn messages are others, and they are marked.

#include <algorithm>
#include <map>
#include <tuple>

#include "tests/support/sized_training.h"
#include "tests/support/staged_run.h"

namespace telegrad {
namespace {

using namespace testing_support;

constexpr std::uint32_t kWorkers = 4;
constexpr std::uint64_t kRounds = 60;

struct Seen final : Observer {
  using Who = std::tuple<std::uint32_t, std::uint64_t, Phase>;
  std::map<Who, std::int64_t> computed;  // ns
  std::map<std::tuple<std::uint64_t, std::uint32_t, std::uint32_t>, std::uint64_t> bytes;
  std::vector<RoundRecord> rounds;
  std::uint64_t marked = 0;

  void span(NodeId node, std::uint64_t round, Phase phase, SimTime from, SimTime to) override {
    bool moved =
        phase == Phase::queue || phase == Phase::air || phase == Phase::closing || phase == Phase::wait;
    if (!moved) computed[{node.value, round, phase}] += (to - from).count();
  }
  void message(const MessageRecord& record) override {
    EXPECT_EQ(record.outcome, Outcome::delivered);
    EXPECT_LE(record.queued, record.sent);
    EXPECT_LE(record.sent, record.arrived);
    EXPECT_LE(record.arrived, record.delivered);
    bytes[{record.round, record.from.value, record.to.value}] += record.bytes + record.control_bytes;
    marked += record.fast_forwarded ? 1 : 0;
  }
  void round(const RoundRecord& record) override { rounds.push_back(record); }
};

struct Result {
  Ran ran;
  Seen seen;
};

Result run(const std::string& network, std::optional<SamplingSettings> sampling, unsigned threads = 1,
           SimTime horizon = std::chrono::hours(1)) {
  Devices devices = plain_devices(kWorkers, 0.2);
  SizedTraining training(kWorkers, steady(3000, std::chrono::milliseconds(30)));
  Plan plan{.network = network,
            .workers = kWorkers,
            .rounds = kRounds,
            .threads = threads,
            .horizon = horizon,
            .devices = &devices,
            .sampling = sampling};
  Result result;
  result.ran = run_synchronous(plan, training, result.seen);
  return result;
}

const SamplingSettings kSampling{.rounds = 16, .tolerance = 0.1, .seed = 1, .last_round = kRounds};

class FastForwardOver : public testing::TestWithParam<NetworkCase> {};

TEST_P(FastForwardOver, DoesTheSameWorkAsTheFullRun) {
  Result full = run(GetParam().json, std::nullopt);
  Result sampled = run(GetParam().json, kSampling);
  EXPECT_EQ(sampled.ran.rounds, kRounds);
  EXPECT_EQ(sampled.seen.computed, full.seen.computed);
  EXPECT_EQ(sampled.seen.bytes, full.seen.bytes);
  ASSERT_TRUE(sampled.ran.sampling.has_value());
  EXPECT_GT(sampled.ran.sampling->fast_forwarded, kRounds / 2);
  EXPECT_NEAR(seconds(sampled.ran.end), seconds(full.ran.end), 0.1 * seconds(full.ran.end));
}

TEST_P(FastForwardOver, MarksWhatWasDrawnAndNothingElse) {
  Result full = run(GetParam().json, std::nullopt);
  EXPECT_EQ(full.seen.marked, 0u);
  EXPECT_FALSE(full.ran.sampling.has_value());
  Result sampled = run(GetParam().json, kSampling);
  std::uint64_t rounds = 0;
  for (const RoundRecord& round : sampled.seen.rounds) rounds += round.fast_forwarded ? 1 : 0;
  EXPECT_EQ(rounds, sampled.ran.sampling->fast_forwarded);
  EXPECT_EQ(kRounds - rounds, sampled.ran.sampling->simulated);
  EXPECT_GT(sampled.seen.marked, rounds * kWorkers);
  EXPECT_LE(sampled.seen.marked, rounds * kWorkers * 2);
}

TEST_P(FastForwardOver, IsTheSameWhateverTheThreads) {
  Result once = run(GetParam().json, kSampling, 1);
  Result again = run(GetParam().json, kSampling, 3);
  EXPECT_EQ(once.ran.fingerprint, again.ran.fingerprint);
  EXPECT_EQ(once.ran.end, again.ran.end);
}

TEST_P(FastForwardOver, EndsAtTheHorizonThoughTheNetworksClockStandsStill) {
  const std::vector<RoundRecord> rounds = run(GetParam().json, kSampling).seen.rounds;
  auto drawn = std::find_if(rounds.begin(), rounds.end(), [](const auto& r) { return r.fast_forwarded; });
  auto after = std::find_if(drawn, rounds.end(), [](const auto& r) { return !r.fast_forwarded; });
  ASSERT_NE(after, rounds.end());
  for (const RoundRecord& round :
       {*std::next(drawn), *after}) {  // while it stands still, and when it goes on
    SimTime horizon = round.end - std::chrono::microseconds(10);
    Result cut = run(GetParam().json, kSampling, 1, horizon);
    EXPECT_FALSE(cut.ran.ended);
    EXPECT_EQ(cut.ran.end, horizon);
    EXPECT_EQ(cut.ran.rounds, round.round - 1);
  }
}

/// Those whose rounds vary little: of the others all are simulated.
std::vector<NetworkCase> calm_networks() {
  std::vector<NetworkCase> chosen;
  auto has = [](const NetworkCase& network, const char* word) {
    return network.json.find(word) != std::string::npos;
  };
  for (const NetworkCase& network : networks_under_test()) {
    bool sure = !has(network, "datagram") && !has(network, "packet_error_rate") && !network.lossy;
    if (sure) chosen.push_back(network);
  }
  return chosen;
}

INSTANTIATE_TEST_SUITE_P(Calm, FastForwardOver, testing::ValuesIn(calm_networks()), case_name);

TEST(FastForward, IsExactWhereLinksAreSeparateAndDoNotVary) {
  const std::string links =
      R"({"type": "ideal", "latency_ms": 3, "uplink": {"rate_mbps": 2}, "downlink": {"rate_mbps": 5}})";
  Result full = run(links, std::nullopt);
  Result sampled = run(links, kSampling);
  EXPECT_GT(sampled.ran.sampling->fast_forwarded, 30u);
  EXPECT_NEAR(static_cast<double>(sampled.ran.end.count()), static_cast<double>(full.ran.end.count()),
              kRounds);
  EXPECT_NEAR(*sampled.ran.sampling->interval, 0, 1e-6);
  EXPECT_NEAR(*sampled.ran.sampling->held_out_error, 0, 1e-6);
}

}  // namespace
}  // namespace telegrad
