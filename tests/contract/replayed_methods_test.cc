// Every method with every down-link and exchange over the ideal network, and a tenth of them over the others that lose
// nothing: what was recorded over links that take no time is played as if it had been trained there.

#include "sim/programs/replayed.h"
#include "tests/support/staged_run.h"
#include "tests/support/trainings.h"

namespace telegrad {
namespace {

using namespace testing_support;

constexpr std::uint32_t kWorkers = 3;
constexpr std::uint64_t kRounds = 6;

const std::string kTraining = R"({
  "dataset": {"type": "synthetic_logistic", "samples": 256, "features": 300, "validation": 40},
  "partition": {"type": "dirichlet", "alpha": 0.5}, "model": {"type": "logistic"},
  "optimizer": {"type": "sgd", "learning_rate": 0.5}, "batch_size_per_worker": 16})";

struct Case {
  std::string exchange, uplink, downlink;
  NetworkCase network;
};

std::string name_of(const testing::TestParamInfo<Case>& info) {
  auto type = [](const std::string& json) {
    return json.empty() ? "own" : trusted_json(json)["type"].text();
  };
  return info.param.exchange + "_" + type(info.param.uplink) + "_" + type(info.param.downlink) + "_" +
         case_name(testing::TestParamInfo<NetworkCase>(info.param.network, 0));
}

/// By the rule that `explain` prints.
bool eligible(const NetworkCase& network) {
  Observer nobody;
  auto built = make_network(network.json, kWorkers, 1, nobody);
  return built->facts().reliable && built->limit(NodeId{0}, NodeId{kWorkers}, Leg::up) ==
                                        built->limit(NodeId{kWorkers}, NodeId{0}, Leg::down);
}

/// Up-link and down-link; a method of its own names none.
std::vector<std::pair<std::string, std::string>> compressions() {
  std::vector<std::pair<std::string, std::string>> all{
      {R"({"type": "terngrad", "shared_scaler": true})", ""},
      {R"({"type": "qsgd", "shared_norm": true, "bucket": 50})", ""}};
  for (const auto& method : training::methods().entries()) {
    if (!method.make.compressor) all.emplace_back(method.about.example, "");
    for (const auto& downlink : training::downlinks().entries()) {
      if (method.make.compressor) all.emplace_back(method.about.example, downlink.about.example);
    }
  }
  return all;
}

std::vector<Case> cases() {
  std::vector<NetworkCase> networks = networks_under_test();  // each is built once: this runs at every start
  std::erase_if(networks, [](const NetworkCase& network) { return !eligible(network); });
  std::vector<Case> all;
  for (const auto& [uplink, answer] : compressions()) {
    for (const NetworkCase& network : networks) {
      for (const auto& exchange : exchanges::exchanges().entries()) {
        Case drawn{exchange.about.name, uplink, answer, network};
        if (network.name == "ideal_example" || one_in_ten(name_of({drawn, 0}))) all.push_back(drawn);
      }
    }
  }
  return all;
}

Devices devices() {
  DeviceProfile profile{
      .name = "test", .flops_per_s = 1e9, .codec_bytes_per_s = 1e8, .active_power_w = {}, .source = "test"};
  return Devices(profile, std::vector<double>{1, 2, 0.5, 1}, 0.1, 3);
}

class ReplayedMethod : public testing::TestWithParam<Case> {
 protected:
  std::unique_ptr<training::Population> trained() const {
    std::string compression = R"({"uplink": )" + GetParam().uplink;
    if (!GetParam().downlink.empty()) compression += R"(, "downlink": )" + GetParam().downlink;
    compression += "}";
    return population(kTraining, compression, {.workers = kWorkers});
  }
  Ran run(const std::string& network, Training& training, Observer& observer) const {
    Devices on = devices();
    Plan plan{.network = network,
              .exchange = of_type(GetParam().exchange),
              .workers = kWorkers,
              .rounds = kRounds,
              .threads = 2,
              .evaluate_every = 2,
              .devices = &on};
    return run_synchronous(plan, training, observer);
  }
};

TEST_P(ReplayedMethod, EqualsTheCoupledRunToTheNanosecond) {
  Observer nobody;
  std::unique_ptr<training::Population> coupled;
  try {
    coupled = trained();
  } catch (const ScenarioError& refused) {
    GTEST_SKIP() << "refused at the door: " << refused.what();
  }
  const exchanges::Demands demands{coupled->facts().shapes, coupled->facts().needs_hub,
                                   coupled->facts().of_its_round};
  const auto facts = make_network(GetParam().network.json, kWorkers, 1, nobody)->facts();
  const auto misfits = exchanges::misfits(trusted_json(of_type(GetParam().exchange)), demands, facts);
  if (!misfits.empty()) GTEST_SKIP() << "refused at the door: " << misfits.front().message;
  Ran there = run(GetParam().network.json, *coupled, nobody);
  Recorder recorder(kWorkers + 1);
  auto alone = trained();
  std::uint32_t limit =
      make_network(GetParam().network.json, kWorkers, 1, nobody)->limit(NodeId{0}, NodeId{kWorkers}, Leg::up);
  run(R"({"type": "ideal", "latency_ms": 0, "block_bytes": )" + std::to_string(limit) + "}", *alone,
      recorder);
  programs::Replayed replayed(std::move(recorder).finish("key", alone->facts()));
  Ran here = run(GetParam().network.json, replayed, nobody);
  EXPECT_TRUE(there.ended && here.ended);
  EXPECT_EQ(here.rounds, kRounds);
  EXPECT_EQ(here.end, there.end);
  EXPECT_EQ(here.fingerprint, there.fingerprint);
}

INSTANTIATE_TEST_SUITE_P(Every, ReplayedMethod, testing::ValuesIn(cases()), name_of);

}  // namespace
}  // namespace telegrad
