// Every exchange that carries a shape, over every network, for any number of workers: all workers get the same, and
// what a star would have given them.

#include "sim/programs/replayed.h"
#include "tests/support/staged_run.h"
#include "tests/support/toy_training.h"

namespace telegrad {
namespace {

using namespace testing_support;

constexpr std::uint64_t kRounds = 3;
constexpr std::size_t kSize = 1000;

struct Case {
  std::string exchange;
  Shape shape;
  NetworkCase network;
  std::uint32_t workers;
};

void PrintTo(const Case& what, std::ostream* out) { *out << what.exchange << " over " << what.network.name; }

std::string name_of(const testing::TestParamInfo<Case>& info) {
  return info.param.exchange + "_" + to_string(info.param.shape) + "_" + info.param.network.name + "_" +
         std::to_string(info.param.workers);
}

Plan plan_of(const Case& what) {
  return {.network = what.network.json,
          .exchange = of_type(what.exchange),
          .workers = what.workers,
          .rounds = kRounds};
}

std::vector<NetworkCase> reliable() {
  std::vector<NetworkCase> cases;
  for (const NetworkCase& network : networks_under_test()) {
    Observer nobody;
    if (make_network(network.json, 1, 1, nobody)->facts().reliable) cases.push_back(network);
  }
  return cases;
}

std::vector<Case> cases() {
  std::vector<Case> all;
  for (const auto& entry : exchanges::exchanges().entries()) {
    for (Shape shape : entry.make.carries) {
      for (const NetworkCase& network : reliable()) {
        const bool ideal = network.name.starts_with("ideal");
        for (std::uint32_t workers : {1u, 2u, 3u, 7u, 8u}) {
          if (ideal || workers == 3 || (workers == 8 && network.name == "wifi_tcp")) {
            all.push_back({entry.about.name, shape, network, workers});
          }
        }
      }
    }
  }
  return all;
}

class ExchangeContract : public testing::TestWithParam<Case> {};

TEST_P(ExchangeContract, EverybodyGetsWhatOneFoldOfAllGives) {
  ToyTraining training(GetParam().workers, GetParam().shape, kSize);
  Observer nobody;
  Ran ran = run_synchronous(plan_of(GetParam()), training, nobody);
  ASSERT_TRUE(ran.ended);
  for (std::uint64_t round = 1; round <= kRounds; ++round) {
    const Numbers expected = training.expected(round);
    const auto origin = static_cast<std::uint32_t>(round % GetParam().workers);
    for (std::uint32_t rank = 0; rank < GetParam().workers; ++rank) {
      EXPECT_EQ(training.result(rank, round), expected) << "worker " << rank << ", round " << round;
      EXPECT_EQ(training.shared(rank, round), training.given(origin + 50, round)) << "worker " << rank;
    }
  }
}

/// 1 GFLOP/s and 200 MB/s, with jitter.
Devices devices(std::uint32_t workers) {
  DeviceProfile profile{
      .name = "test", .flops_per_s = 1e9, .codec_bytes_per_s = 2e8, .active_power_w = {}, .source = "test"};
  std::vector<double> speeds(workers + 1);
  for (std::uint32_t i = 0; i <= workers; ++i) speeds[i] = 1 + 0.3 * i;
  return Devices(profile, std::move(speeds), 0.2, 3);
}

TEST_P(ExchangeContract, RunsAlikeOnAnyNumberOfThreads) {
  const Devices on = devices(GetParam().workers);
  auto ran = [&](unsigned threads) {
    ToyTraining training(GetParam().workers, GetParam().shape, kSize);
    Observer nobody;
    Plan plan = plan_of(GetParam());
    plan.threads = threads;
    plan.devices = &on;
    return run_synchronous(plan, training, nobody).fingerprint;
  };
  EXPECT_EQ(ran(1), ran(2));
}

TEST_P(ExchangeContract, AReplayEqualsTheCoupledRunToTheNanosecond) {
  Observer nobody;
  const Devices recorded_on(GetParam().workers + 1);
  const Devices played_on = devices(GetParam().workers);
  auto run = [&](const std::string& network, const Devices& on, Training& training, Observer& observer) {
    Plan plan = plan_of(GetParam());
    plan.network = network;
    plan.devices = &on;
    return run_synchronous(plan, training, observer);
  };
  Recorder recorder(GetParam().workers + 1);
  ToyTraining alone(GetParam().workers, GetParam().shape, kSize);
  run(R"({"type": "ideal", "latency_ms": 0})", recorded_on, alone, recorder);
  programs::Replayed replayed(std::move(recorder).finish("key", alone.facts()));
  ToyTraining coupled(GetParam().workers, GetParam().shape, kSize);
  const Ran there = run(GetParam().network.json, played_on, coupled, nobody);
  const Ran here = run(GetParam().network.json, played_on, replayed, nobody);
  EXPECT_TRUE(there.ended && here.ended);
  EXPECT_EQ(here.end, there.end);
  EXPECT_EQ(here.fingerprint, there.fingerprint);
}

INSTANTIATE_TEST_SUITE_P(Every, ExchangeContract, testing::ValuesIn(cases()), name_of);

}  // namespace
}  // namespace telegrad
