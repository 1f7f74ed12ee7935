// Learned Gradient Compression: its stages, what it keeps, what loss does to it, what its autoencoder learns.

#include "training/methods/lgc.h"

#include <gtest/gtest.h>

#include <cmath>

#include "sim/programs/replayed.h"
#include "tests/training/averaging.h"

namespace telegrad::training {
namespace {

using testing_support::Averaging;
using testing_support::collective;
using testing_support::Plan;

constexpr std::uint32_t kWorkers = 4;
constexpr std::uint64_t kRounds = 12;  // 3 of whole gradients, 4 of largest entries

const std::string kStar = R"({"type": "lgc_ps", "ratio": 0.1, "innovation_ratio": 0.01, "full_rounds": 3,
    "top_k_rounds": 4, "top_k_only": ["d"], "whole_last": 1)";
const std::string kRing = R"({"type": "lgc_ring", "ratio": 0.1, "full_rounds": 3, "top_k_rounds": 4,
    "top_k_only": ["d"], "whole_last": 1)";

Layout layout() {
  Layout result;
  result.add("a", {5}, 0.1);
  result.add("b", {40, 20}, 0.1);
  result.add("c", {30}, 0.1);
  result.add("d", {50}, 0.1);
  result.add("e", {7}, 0.1);
  return result;
}

/// Much the same at all workers, as gradients of one model are.
std::vector<float> gradient(std::uint64_t round, std::uint32_t rank) {
  const auto of = static_cast<std::uint32_t>(round);
  Stream common(StreamKey{.seed = 3, .purpose = Purpose::method, .node = 99, .round = of});
  Stream own(StreamKey{.seed = 3, .purpose = Purpose::method, .node = rank, .round = of});
  std::vector<float> values(892);
  for (float& value : values) value = static_cast<float>(common.normal() + 0.2 * own.normal());
  return values;
}

struct Outcome {
  std::vector<std::vector<double>> updates;  // by round
  std::vector<double> applied, held, given;
  std::string fingerprint;
};

Outcome outcome(const std::string& uplink, const Plan& plan) {
  const Layout tensors = layout();
  auto method = collective(uplink, tensors, plan.workers);
  Averaging all(*method, plan.workers, gradient);
  Observer nobody;
  auto ran = run_synchronous(plan, all, nobody);
  EXPECT_TRUE(ran.ended);
  const auto size = static_cast<std::size_t>(tensors.size());
  Outcome result{
      {}, std::vector<double>(size), std::vector<double>(size), std::vector<double>(size), ran.fingerprint};
  for (std::uint64_t round = 1; round <= plan.rounds; ++round) {
    result.updates.push_back(all.update(round, 0));
    for (std::uint32_t rank = 0; rank < plan.workers; ++rank) {
      EXPECT_EQ(all.update(round, rank), result.updates.back()) << "worker " << rank << " round " << round;
      EXPECT_EQ(all.identity(round, rank), all.identity(round, 0));
      const auto values = gradient(round, rank);
      for (std::size_t i = 0; i < size; ++i) result.given[i] += values[i];
    }
    for (std::size_t i = 0; i < size; ++i) result.applied[i] += plan.workers * result.updates.back()[i];
  }
  for (std::uint32_t rank = 0; rank < plan.workers; ++rank) {
    const auto residual = all.residual(rank);
    for (std::size_t i = 0; i < size; ++i) result.held[i] += residual[i];
  }
  return result;
}

Plan plan_of(const std::string& exchange, double loss = 0, std::uint64_t rounds = kRounds) {
  return {.network = R"({"type": "ideal", "block_bytes": 120, "uplink": {"block_loss": )" +
                     std::to_string(loss) + "}}",
          .exchange = testing_support::of_type(exchange),
          .workers = kWorkers,
          .rounds = rounds};
}

void expect_mass(const Outcome& run, const std::string& where) {
  for (std::size_t i = 0; i < run.given.size(); ++i) {
    EXPECT_NEAR(run.applied[i] + run.held[i], run.given[i], 2e-4 * kWorkers) << where << " " << i;
  }
}

struct Case {
  std::string uplink, exchange;
};

class LgcRun : public testing::TestWithParam<Case> {};

TEST_P(LgcRun, IsTheSameAtAllWorkersAndOverAnyThreads) {
  for (double loss : {0.0, 0.2}) {
    Plan two = plan_of(GetParam().exchange, loss);
    two.threads = 2;
    const Outcome a = outcome(GetParam().uplink + "}", plan_of(GetParam().exchange, loss));
    const Outcome b = outcome(GetParam().uplink + "}", two);
    EXPECT_EQ(a.updates, b.updates);
    EXPECT_EQ(a.fingerprint, b.fingerprint);
  }
}

/// The first two stages lose nothing: what is not applied is held.
TEST_P(LgcRun, KeepsItsMassUntilTheCode) {
  for (double loss : {0.0, 0.2}) {
    expect_mass(outcome(GetParam().uplink + "}", plan_of(GetParam().exchange, loss, 7)), GetParam().exchange);
  }
}

/// What the autoencoder missed stays in the memory.
TEST_P(LgcRun, SubtractsWhatWasApplied) {
  const std::string uplink = GetParam().uplink + R"(, "residual": "subtract", "autoencoder": "identity"})";
  for (double loss : {0.0, 0.2}) {
    expect_mass(outcome(uplink, plan_of(GetParam().exchange, loss)), GetParam().exchange);
  }
}

TEST_P(LgcRun, LosesNothingButWhatItsCodeMisses) {
  const Outcome run = outcome(GetParam().uplink + "}", plan_of(GetParam().exchange));
  const Layout tensors = layout();
  std::size_t missed = 0;
  for (std::size_t i = 0; i < run.given.size(); ++i) {
    const std::string& name = tensors.at(static_cast<std::int64_t>(i)).name;
    const bool kept = std::abs(run.applied[i] + run.held[i] - run.given[i]) < 1e-3;
    if (name != "b" && name != "c") {
      EXPECT_TRUE(kept) << i << " of " << name << " does not pass the autoencoder";
    } else {
      missed += kept ? 0 : 1;
    }
  }
  EXPECT_GT(missed, 0u);  // 10 steps of training do not make an autoencoder
}

std::vector<Case> cases() {
  std::vector<Case> all;
  for (const char* entries : {"leader", "private"}) {
    for (const char* order : {"sign", "index"}) {
      const std::string leader = order[0] == 's' ? "cyclic" : "random";
      const std::string more = std::string(R"(, "top_k_entries": ")") + entries + R"(", "leader": ")" +
                               leader + R"(", "order": ")" + order + "\"";
      all.push_back({kStar + more, "star"});
      all.push_back({kRing + more, "star"});
      all.push_back({kRing + more, "ring"});
    }
  }
  return all;
}

std::string name_of(const testing::TestParamInfo<Case>& info) {
  const bool star = info.param.uplink.find("lgc_ps") != std::string::npos;
  return (star ? "ps_" : "ring_") + info.param.exchange + "_" + std::to_string(info.index);
}

INSTANTIATE_TEST_SUITE_P(Every, LgcRun, testing::ValuesIn(cases()), name_of);

/// With one worker and no autoencoder it is top-k with error feedback.
TEST(Lgc, OfOneWorkerWithoutAnAutoencoderIsTopK) {
  const std::string identity = R"(, "full_rounds": 0, "top_k_rounds": 0, "autoencoder": "identity",
      "ratio": 0.1, "whole_first": 0, "whole_last": 0)";
  const Layout tensors = layout();
  Step step{.round = 0};
  const Value top_k = resolve_trusted(R"({"type": "top_k", "ratio": 0.1})", methods().catalogue());
  auto reference = make_compressor(top_k, {tensors, 0, 1, 1});
  std::vector<std::vector<double>> want;
  for (step.round = 1; step.round <= kRounds; ++step.round) {
    std::vector<float> update(static_cast<std::size_t>(tensors.size()));
    reference->add(reference->encode(gradient(step.round, 0), step, Cut{}), 1.0F, update);
    want.emplace_back(update.begin(), update.end());
  }
  for (const std::string uplink :
       {R"({"type": "lgc_ps", "innovation_ratio": 0.01)", R"({"type": "lgc_ring")"}) {
    Plan plan = plan_of("star");
    plan.workers = 1;
    const Outcome run = outcome(uplink + identity + "}", plan);
    for (std::size_t round = 0; round < kRounds; ++round) {
      for (std::size_t i = 0; i < want[round].size(); ++i) {
        EXPECT_NEAR(run.updates[round][i], want[round][i], 1e-5) << uplink << round << " " << i;
      }
    }
  }
}

/// Where all workers have the same values, the mean of their codes is the code of one.
TEST(Lgc, OfEqualWorkersOverARingIsThatOfOne) {
  const Layout tensors = layout();
  std::vector<std::vector<std::vector<double>>> updates;
  for (std::uint32_t workers : {1U, 3U}) {
    auto method = collective(kRing + "}", tensors, workers);
    Averaging all(*method, workers, [](std::uint64_t round, std::uint32_t) { return gradient(round, 0); });
    Observer nobody;
    Plan plan = plan_of("ring");
    plan.workers = workers;
    ASSERT_TRUE(run_synchronous(plan, all, nobody).ended);
    updates.emplace_back();
    for (std::uint64_t round = 1; round <= kRounds; ++round) updates.back().push_back(all.update(round, 0));
  }
  for (std::size_t round = 0; round < kRounds; ++round) {
    for (std::size_t i = 0; i < updates[0][round].size(); ++i) {
      EXPECT_NEAR(updates[1][round][i], updates[0][round][i], 1e-3) << round << " " << i;
    }
  }
}

/// A recording of all three stages plays as the coupled run, to the nanosecond.
TEST(Lgc, IsReplayedInAllItsStages) {
  for (const Case& c : {Case{kStar, "star"}, Case{kRing, "star"}, Case{kRing, "ring"}}) {
    const Layout tensors = layout();
    const std::string network = R"({"type": "ideal", "medium": "shared", "uplink": {"rate_mbps": 3}})";
    auto run = [&](const std::string& over, Training& training, Observer& observer) {
      Plan plan = plan_of(c.exchange);
      plan.network = over;
      return run_synchronous(plan, training, observer);
    };
    Observer nobody;
    auto method = collective(c.uplink + "}", tensors, kWorkers);
    Averaging coupled(*method, kWorkers, gradient);
    const auto there = run(network, coupled, nobody);
    Recorder recorder(kWorkers + 1);
    auto again = collective(c.uplink + "}", tensors, kWorkers);
    Averaging alone(*again, kWorkers, gradient);
    run(R"({"type": "ideal", "latency_ms": 0})", alone, recorder);
    programs::Replayed replayed(std::move(recorder).finish("key", alone.facts()));
    const auto here = run(network, replayed, nobody);
    EXPECT_EQ(here.end, there.end) << c.uplink << c.exchange;
    EXPECT_EQ(here.fingerprint, there.fingerprint);
  }
}

}  // namespace
}  // namespace telegrad::training
