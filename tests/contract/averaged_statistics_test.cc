// Running statistics that all workers average after every round: they are the mean, they are charged, and they stay out
// of the gradients' way.

#include "sim/core/errors.h"
#include "sim/programs/replayed.h"
#include "tests/contract/normalised.h"

namespace telegrad {
namespace {

using namespace testing_support;

const std::string kAveraged =
    training_of(R"({"type": "resnet_cifar", "depth": 8})", R"("statistics": "averaged", )");

at::Tensor buffers(training::Population& workers, std::uint32_t rank) {
  return worker(workers, rank).buffers();
}

double apart(const at::Tensor& a, const at::Tensor& b) {
  return ((a - b).abs() / (1 + b.abs())).max().item<double>();
}

/// What statistics become is linear in what they were, so that their mean is the same whenever it is taken.
TEST(AveragedStatistics, AreTheMeanOfAllWorkersByEveryExchange) {
  const Plan plan{.workers = 3, .rounds = 3};
  auto local = trained(plan, kResidual);
  const at::Tensor mean = (buffers(*local, 0) + buffers(*local, 1) + buffers(*local, 2)) / 3;
  EXPECT_GT(apart(buffers(*local, 0), mean), 1e-3);
  for (const char* exchange : {"star", "ring", "tree"}) {
    Plan other = plan;
    other.exchange = of_type(exchange);
    auto workers = trained(other, kAveraged);
    EXPECT_LT(apart(buffers(*workers, 0), mean), 1e-5) << exchange;
    for (std::uint32_t rank : {1, 2})
      EXPECT_TRUE(buffers(*workers, rank).equal(buffers(*workers, 0))) << exchange;
    EXPECT_LT(apart(workers->parameters(), local->parameters()), 1e-5)
        << exchange << ": training does not see them";
  }
}

TEST(AveragedStatistics, GoOnFromTheMeanInEveryRound) {
  const Plan plan{.workers = 2, .rounds = 2};
  std::vector<at::Tensor> after;
  class Watching final : public Observer {
   public:
    void round(const RoundRecord&) override { seen(); }
    std::function<void()> seen;
  } watching;
  auto workers = population(kAveraged, "{}", {.workers = 2, .evaluate_test = false});
  watching.seen = [&] { after.push_back(buffers(*workers, 1) - buffers(*workers, 0)); };
  run_synchronous(plan, *workers, watching);
  ASSERT_EQ(after.size(), 2U);
  for (const at::Tensor& difference : after) EXPECT_EQ(difference.abs().max().item<double>(), 0);
}

TEST(AveragedStatistics, OfWorkersThatStepAloneToo) {
  auto workers = trained({.workers = 2, .rounds = 2, .program = R"({"type": "local_sgd", "local_steps": 2})"},
                         kAveraged);
  EXPECT_TRUE(buffers(*workers, 0).equal(buffers(*workers, 1)));
}

/// Bytes up and messages up of each worker.
class Up final : public Observer {
 public:
  void message(const MessageRecord& record) override {
    if (std::string(record.purpose) != "up") return;
    bytes[record.from.value] += record.bytes;
    ++messages[record.from.value];
    lost += record.lost_blocks;
  }
  void round(const RoundRecord& record) override { participants.push_back(record.participants); }
  std::map<std::uint32_t, std::uint64_t> bytes, messages;
  std::uint64_t lost = 0;
  std::vector<std::uint32_t> participants;
};

TEST(AveragedStatistics, AreChargedAsTheyAreSent) {
  Up up;
  auto workers = trained({.workers = 2, .rounds = 3}, kAveraged, "{}", up);
  auto local = population(kResidual, "{}", {.workers = 2});
  const auto size = static_cast<std::uint64_t>(local->common().model->buffers().size());
  const TrainingFacts& charged = workers->facts();
  EXPECT_EQ(up.bytes[0], 3 * charged.up_bytes);
  EXPECT_EQ(charged.up_information_bits, local->facts().up_information_bits + 32 * size);
  EXPECT_EQ(charged.down_information_bits, local->facts().down_information_bits + 32 * size);
  EXPECT_EQ(charged.up_bytes, local->facts().up_bytes + charged.summed_apart);
  EXPECT_EQ(charged.down_bytes, local->facts().down_bytes + charged.summed_apart);
  EXPECT_GE(charged.summed_apart, 4 * size);
}

TEST(AveragedStatistics, OfAModelThatHasNoneAreNothing) {
  const std::string model = R"({"type": "mlp", "hidden": [4]})";
  Up up;
  auto workers =
      trained({.workers = 2, .rounds = 1}, training_of(model, R"("statistics": "averaged", )"), "{}", up);
  auto local = population(training_of(model), "{}", {.workers = 2});
  EXPECT_EQ(up.messages[0], 1U);
  EXPECT_EQ(workers->facts().up_bytes, local->facts().up_bytes);
  EXPECT_EQ(workers->facts().shapes, local->facts().shapes);
  EXPECT_EQ(workers->facts().warnings.size(), local->facts().warnings.size() + 1);
}

/// Blocks of 200 bytes: with two workers nobody's arrives in a third of them.
TEST(AveragedStatistics, StayOnesOwnWhereNobodysArrive) {
  const std::string lossy =
      R"({"type": "ideal", "block_bytes": 200, "uplink": {"block_loss": 0.6}, "downlink": {"block_loss": 0}})";
  const std::string top = R"({"uplink": {"type": "top_k", "ratio": 0.1, "error_feedback": true}})";
  Up up;
  auto workers = trained({.network = lossy, .workers = 2, .rounds = 3}, kAveraged, top, up);
  EXPECT_GT(up.lost, 0U);
  EXPECT_TRUE(worker(*workers, 0).replica()->parameters.equal(worker(*workers, 1).replica()->parameters));
  for (const training::TensorPlace& place : workers->common().model->buffers().tensors()) {
    if (!place.name.ends_with("running_var")) continue;
    for (std::uint32_t rank : {0, 1}) {
      EXPECT_GT(buffers(*workers, rank).narrow(0, place.offset, place.size).min().item<float>(), 0)
          << place.name;
    }
  }
}

/// A fast worker's gradient takes 3 seconds.
Devices uneven(const training::Population& workers, double slow) {
  const double flops = 4 * workers.common().model->flops_per_sample();
  DeviceProfile profile{.name = "test",
                        .flops_per_s = flops / 3,
                        .codec_bytes_per_s = {},
                        .active_power_w = {},
                        .source = "test"};
  return Devices(profile, {1, 1, slow, 1}, 0, 3);
}

TEST(AveragedStatistics, AreThoseOfAllWhoComeInTimeForThem) {
  auto workers = population(kAveraged, "{}", {.workers = 3, .evaluate_test = false});
  const Devices devices = uneven(*workers, 2.0 / 3);  // 4.5 s: late for the gradients, which close at 3.5 s
  Up up;
  const Plan plan{.exchange = R"({"type": "star", "wait": {"type": "deadline", "seconds": 3.5}})",
                  .workers = 3,
                  .rounds = 3,
                  .devices = &devices};
  EXPECT_TRUE(run_synchronous(plan, *workers, up).ended);
  EXPECT_EQ(up.participants, (std::vector<std::uint32_t>{2, 2, 2})) << "contributions are gradients";
  EXPECT_EQ(up.messages[2], 6U);
  EXPECT_TRUE(buffers(*workers, 2).equal(buffers(*workers, 0)));
}

TEST(AveragedStatistics, AreTakenOverByWhoComesLaterThanThat) {
  auto workers = population(kAveraged, "{}", {.workers = 3, .evaluate_test = false});
  const Devices devices = uneven(*workers, 0.1);
  Up up;
  const Plan plan{.exchange = R"({"type": "star", "wait": {"type": "quorum", "contributions": 2}})",
                  .workers = 3,
                  .rounds = 15,
                  .devices = &devices};
  EXPECT_TRUE(run_synchronous(plan, *workers, up).ended);
  EXPECT_EQ(up.messages[0], 30U);
  EXPECT_EQ(up.messages[2], 1U) << "a gradient of round 1; statistics of rounds that are over are not sent";
}

TEST(AveragedStatistics, AreReplayedToTheNanosecond) {
  const std::string network = R"({"type": "ideal", "latency_ms": 3, "uplink": {"rate_mbps": 5}})";
  for (const char* exchange : {"star", "ring", "tree"}) {
    Plan plan{.network = network, .exchange = of_type(exchange), .workers = 3, .rounds = 2};
    Observer nobody;
    auto coupled = population(kAveraged, "{}", {.workers = 3, .evaluate_test = false});
    const Devices devices = uneven(*coupled, 0.5);
    plan.devices = &devices;
    const Ran there = run_synchronous(plan, *coupled, nobody);
    auto alone = population(kAveraged, "{}", {.workers = 3, .evaluate_test = false});
    Recorder recorder(4);
    plan.network = R"({"type": "ideal", "latency_ms": 0})";
    run_synchronous(plan, *alone, recorder);
    programs::Replayed replayed(std::move(recorder).finish("key", alone->facts()));
    plan.network = network;
    const Ran here = run_synchronous(plan, replayed, nobody);
    EXPECT_EQ(here.fingerprint, there.fingerprint) << exchange;
    EXPECT_EQ(here.end, there.end) << exchange;
  }
}

TEST(AveragedStatistics, AreRefusedWhereTheyCannotBe) {
  try {
    (void)population(kAveraged, "{}", {.workers = 4, .cohort = 2});
    ADD_FAILURE() << "clients that are drawn for a round";
  } catch (const ScenarioError& error) {
    EXPECT_EQ(error.problems().at(0).pointer, "/training/statistics");
    EXPECT_FALSE(error.problems().at(0).remedy.empty());
  }
  const TrainingFacts facts = population(kAveraged, "{}", {.workers = 2})->facts();
  EXPECT_FALSE(facts.cannot_pass.empty()) << "a model that goes round";
  NetworkFacts lossy;
  lossy.reliable = lossy.reliable_down = false;
  for (const char* more : {R"("replicas": "diverge")", R"("late": "deferred")"}) {
    const Value star = trusted_json(std::string(R"({"type": "star", )") + more + "}");
    const exchanges::Demands demands{
        .shapes = facts.shapes, .of_its_round = facts.of_its_round, .whole_down = facts.whole_down};
    EXPECT_EQ(exchanges::misfits(star, demands, lossy).size(), 1U) << more;
  }
}

}  // namespace
}  // namespace telegrad
