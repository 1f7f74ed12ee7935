// Every program with every exchange and every method, as far as the door lets them through, over the ideal network; a
// tenth of them over Wi-Fi by TCP, and over datagrams that are lost.

#include "sim/core/errors.h"
#include "tests/support/staged_run.h"
#include "tests/support/trainings.h"

namespace telegrad {
namespace {

using namespace testing_support;

constexpr std::uint32_t kWorkers = 4;
constexpr std::uint64_t kRounds = 3;

struct Triple {
  std::string program, exchange, method, network;
};

std::string type_of(const std::string& json) { return trusted_json(json)["type"].text(); }

std::string name_of(const testing::TestParamInfo<Triple>& info) {
  std::string name = type_of(info.param.program);
  if (programs::cohort_of(trusted_json(info.param.program)) > 0) name += "_cohort";
  return name + "_" + info.param.exchange + "_" + type_of(info.param.method) + "_" + info.param.network;
}

std::vector<Triple> triples() {
  std::vector<std::string> all_programs{R"({"type": "local_sgd", "local_steps": 2})"};
  for (const auto& entry : programs::programs().entries()) all_programs.push_back(entry.about.example);
  std::vector<Triple> all;
  for (const std::string& program : all_programs) {
    for (const auto& exchange : exchanges::exchanges().entries()) {
      for (const auto& method : training::methods().entries()) {
        for (const char* network : {"ideal_example", "wifi_tcp", "wifi_datagram_lossy"}) {
          Triple triple{program, exchange.about.name, method.about.example, network};
          if (triple.network == "ideal_example" || one_in_ten(name_of({triple, 0}))) all.push_back(triple);
        }
      }
    }
  }
  return all;
}

std::string network_named(const std::string& name) {
  for (const NetworkCase& network : networks_under_test()) {
    if (network.name == name) return network.json;
  }
  return "";
}

class EveryTriple : public testing::TestWithParam<Triple> {};

TEST_P(EveryTriple, RunsOrIsRefusedWithTheReason) {
  const Triple& triple = GetParam();
  const std::string network = network_named(triple.network);
  const std::uint32_t cohort = programs::cohort_of(trusted_json(triple.program));
  const std::string training = R"({"dataset": {"type": "synthetic_logistic", "samples": 128, "features": 60},
      "model": {"type": "mlp", "hidden": [8]}, "optimizer": {"type": "sgd", "learning_rate": 0.1},
      "batch_size_per_worker": 8})";
  Observer nobody;
  try {
    auto all =
        population(training, R"({"uplink": )" + triple.method + "}", {.workers = kWorkers, .cohort = cohort});
    const auto& facts = all->facts();
    const exchanges::Demands demands{.shapes = facts.shapes,
                                     .hub = facts.needs_hub || cohort > 0,
                                     .of_its_round = facts.of_its_round,
                                     .whole_down = cohort > 0};
    const auto misfits = exchanges::misfits(trusted_json(of_type(triple.exchange)), demands,
                                            make_network(network, kWorkers, 1, nobody)->facts());
    if (!misfits.empty()) throw ScenarioError("", misfits);
    const Plan plan{.network = network,
                    .exchange = of_type(triple.exchange),
                    .workers = kWorkers,
                    .rounds = kRounds,
                    .program = triple.program};
    const Ran ran = run_synchronous(plan, *all, nobody);
    EXPECT_TRUE(ran.ended);
    EXPECT_EQ(ran.rounds, kRounds);
  } catch (const ScenarioError& refused) {
    for (const Problem& problem : refused.problems()) {
      EXPECT_FALSE(problem.message.empty());
      EXPECT_FALSE(problem.remedy.empty()) << problem.message;
    }
    GTEST_SKIP() << "refused at the door: " << refused.what();
  }
}

INSTANTIATE_TEST_SUITE_P(Every, EveryTriple, testing::ValuesIn(triples()), name_of);

}  // namespace
}  // namespace telegrad
