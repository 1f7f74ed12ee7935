// Promises of a whole training over the star.

#include <gtest/gtest.h>

#include <ATen/ATen.h>

#include <cmath>

#include "tests/support/trained.h"
#include "training/learning/gradient.h"

namespace telegrad {
namespace {

using testing_support::learnt;
using testing_support::Plan;
using testing_support::population;
using testing_support::run_synchronous;

const std::string kLogistic = R"({
  "dataset": {"type": "synthetic_logistic", "samples": 512, "features": 10},
  "partition": {"type": "dirichlet", "alpha": 0.5}, "model": {"type": "logistic"},
  "optimizer": {"type": "sgd", "learning_rate": 0.5}, "batch_size_per_worker": 32})";

const std::string kPerceptron = R"({
  "dataset": {"type": "synthetic_logistic", "samples": 512, "features": 10, "validation": 100},
  "partition": {"type": "iid"}, "model": {"type": "mlp", "hidden": [32]},
  "optimizer": {"type": "sgd", "learning_rate": 0.2, "momentum": 0.5}, "batch_size_per_worker": 16})";

const std::string kTopK = R"({"uplink": {"type": "top_k", "ratio": 0.1}})";

TEST(Training, OneDenseWorkerIsPlainSgdBitForBit) {
  Plan plan{.workers = 1, .rounds = 40};
  at::Tensor ours = learnt(plan, kLogistic, "{}");
  auto reference = population(kLogistic, "{}", {.workers = 1});
  const training::Common& common = reference->common();
  training::Batches batches(common.split.learning, 32, 1, 0);
  at::Tensor x = reference->parameters().clone();
  for (std::uint64_t round = 1; round <= 40; ++round) {
    auto g =
        training::gradient(*common.model, x, *common.dataset.train, batches.of(round), common.dataset.shape);
    x = x - g.values * 0.5F;
  }
  EXPECT_TRUE(ours.equal(x));
}

/// The mean of all iterates is evaluated; what is trained stays the same.
TEST(Training, AnAverageIsEvaluatedAndNotTrained) {
  std::string averaged = kLogistic;
  averaged.insert(1, R"("average": {"weights": "equal"}, )");
  Plan plan{.workers = 1, .rounds = 20};
  Observer nobody;
  auto workers = population(averaged, "{}", {.workers = 1, .evaluate_test = true});
  run_synchronous(plan, *workers, nobody);
  const Evaluation got = workers->evaluation(Rank{0})();
  EXPECT_TRUE(workers->parameters().equal(learnt(plan, kLogistic, "{}")));
  at::Tensor sum = at::zeros_like(workers->parameters(), at::kDouble);
  for (std::uint64_t rounds = 1; rounds <= 20; ++rounds) {
    sum += learnt(Plan{.workers = 1, .rounds = rounds}, kLogistic, "{}");
  }
  const training::Common& common = workers->common();
  std::vector<std::uint32_t> all(common.dataset.test->size());
  for (std::uint32_t i = 0; i < all.size(); ++i) all[i] = i;
  const auto quality = training::evaluate(*common.model, (sum / 20).to(at::kFloat), *common.dataset.test, all,
                                          common.dataset.shape);
  EXPECT_NEAR(*got.test_loss, quality.loss, 1e-6);
  EXPECT_GT(std::fabs(training::evaluate(*common.model, workers->parameters(), *common.dataset.test, all,
                                         common.dataset.shape)
                          .loss -
                      quality.loss),
            1e-4);
}

TEST(Training, DenseWorkersWithTheirWholePortionsAreFullGradientDescent) {
  const std::string full = R"({
    "dataset": {"type": "synthetic_logistic", "samples": 512, "features": 10}, "partition": {"type": "iid"},
    "model": {"type": "logistic"}, "optimizer": {"type": "sgd", "learning_rate": 1}, "batch_size_per_worker": 64})";
  Plan plan{.workers = 8, .rounds = 800};
  at::Tensor x = learnt(plan, full, "{}");
  auto reference = population(full, "{}", {.workers = 8});
  const training::Common& common = reference->common();
  auto quality = training::evaluate(*common.model, x, *common.dataset.train, common.split.learning,
                                    common.dataset.shape);
  EXPECT_NEAR(quality.loss, *common.dataset.optimal_loss, 1e-5);
}

// The order in which sums are rounded differs, nothing else.
TEST(Training, StarRingAndTreeLearnTheSame) {
  for (const std::string& compression :
       {std::string("{}"),
        std::string(R"({"uplink": {"type": "dense", "value": "fp32", "error_feedback": true}})"), kTopK}) {
    Plan star{.workers = 5, .rounds = 30};
    at::Tensor expected = learnt(star, kPerceptron, compression);
    for (const char* type : {"ring", "tree"}) {
      Plan other{.exchange = testing_support::of_type(type), .workers = 5, .rounds = 30, .threads = 2};
      at::Tensor found = learnt(other, kPerceptron, compression);
      EXPECT_LT((found - expected).abs().max().item<float>(), 1e-5) << type << " " << compression;
    }
  }
}

// What is folded by slices, or by every worker for itself, is what a hub would have answered.
TEST(Training, StarAndRingAnswerTheSameWhereNoPartialResultWillDo) {
  for (
      const char* compression :
      {R"({"uplink": {"type": "sign"}, "downlink": {"type": "majority"}})",
       R"({"uplink": {"type": "one_bit"}, "downlink": {"type": "recompressed", "method": {"type": "one_bit"}}})"}) {
    Plan star{.workers = 5, .rounds = 30};
    Plan ring{.exchange = testing_support::of_type("ring"), .workers = 5, .rounds = 30, .threads = 2};
    at::Tensor difference = learnt(star, kPerceptron, compression) - learnt(ring, kPerceptron, compression);
    EXPECT_LT(difference.abs().max().item<float>(), 1e-5) << compression;
  }
}

// Partial sums come back to workers whose own encoder cuts otherwise, and are sent again.
TEST(Training, LearnsThoughPartialSumsAreLostOnTheirWay) {
  const std::string lossy = R"({"type": "ideal", "block_bytes": 200, "uplink": {"block_loss": 0.2}})";
  const std::string compression = R"({"uplink": {"type": "top_k", "ratio": 0.2, "granularity": "tensor"},
                                      "downlink": {"type": "union_sparse", "granularity": "model"}})";
  auto reference = population(kPerceptron, compression, {.workers = 5});
  const training::Common& common = reference->common();
  auto loss_of = [&](const at::Tensor& parameters) {
    return training::evaluate(*common.model, parameters, *common.dataset.train, common.split.learning,
                              common.dataset.shape)
        .loss;
  };
  const double whole = loss_of(learnt({.workers = 5, .rounds = 60}, kPerceptron, compression));
  const double begin = loss_of(reference->parameters());
  for (const char* type : {"ring", "tree"}) {
    Plan plan{.network = lossy, .exchange = testing_support::of_type(type), .workers = 5, .rounds = 60};
    EXPECT_LT(loss_of(learnt(plan, kPerceptron, compression)), whole + 0.2 * (begin - whole)) << type;
  }
}

TEST(Training, DoesNotDependOnHostThreads) {
  for (const std::string& compression : {std::string("{}"), kTopK}) {
    Plan one{.workers = 5, .rounds = 30, .threads = 1};
    Plan two{.workers = 5, .rounds = 30, .threads = 2};
    EXPECT_TRUE(learnt(one, kPerceptron, compression).equal(learnt(two, kPerceptron, compression)));
  }
}

TEST(Training, KeepingEverythingIsDenseTraining) {
  Plan plan{.workers = 4, .rounds = 30};
  at::Tensor dense = learnt(plan, kPerceptron, "{}");
  at::Tensor sparse = learnt(plan, kPerceptron, R"({"uplink": {"type": "top_k", "ratio": 1.0}})");
  EXPECT_TRUE(at::allclose(dense, sparse, 1e-5, 1e-6));
}

TEST(Training, TopKWithFeedbackLearnsWhatDenseLearnsAlsoUnderLoss) {
  Plan plan{.network = R"({"type": "ideal", "block_bytes": 64, "uplink": {"block_loss": 0.2}})",
            .workers = 8,
            .rounds = 600};
  at::Tensor x = learnt(plan, kLogistic, kTopK);
  auto reference = population(kLogistic, kTopK, {.workers = 8});
  const training::Common& common = reference->common();
  auto quality = training::evaluate(*common.model, x, *common.dataset.train, common.split.learning,
                                    common.dataset.shape);
  EXPECT_LT(quality.loss, 0.5 * (*common.dataset.optimal_loss + std::log(2.0)));
}

TEST(Training, LossChangesWhatIsLearned) {
  Plan clean{.network = R"({"type": "ideal", "block_bytes": 64})", .workers = 4, .rounds = 20};
  Plan lossy = clean;
  lossy.network = R"({"type": "ideal", "block_bytes": 64, "uplink": {"block_loss": 0.3}})";
  for (const std::string& compression : {std::string("{}"), kTopK}) {
    EXPECT_FALSE(learnt(clean, kPerceptron, compression).equal(learnt(lossy, kPerceptron, compression)));
  }
}

TEST(Training, DivergenceNamesWorkerTensorAndRound) {
  const std::string hot = R"({
    "dataset": {"type": "synthetic_logistic", "samples": 512, "features": 10},
    "partition": {"type": "iid"}, "model": {"type": "mlp", "hidden": [32]},
    "optimizer": {"type": "sgd", "learning_rate": 1e6}, "batch_size_per_worker": 16})";
  Observer nobody;
  auto workers = population(hot, "{}", {.workers = 2});
  try {
    (void)run_synchronous(Plan{.workers = 2, .rounds = 1000}, *workers, nobody);
    FAIL() << "learned at a learning rate of a million";
  } catch (const RunError& error) {
    EXPECT_EQ(error.failure(), Failure::not_finite);
    EXPECT_NE(std::string(error.what()).find(" of worker "), std::string::npos);
    EXPECT_NE(std::string(error.what()).find(" in round "), std::string::npos);
  }
}

TEST(Training, WeightingBySamplesIsTheMeanOverAllSamples) {
  const std::string start = R"({
    "dataset": {"type": "synthetic_logistic", "samples": 512, "features": 10},
    "partition": {"type": "dirichlet", "alpha": 0.3}, "model": {"type": "logistic"},
    "optimizer": {"type": "sgd", "learning_rate": 0.5}, "batch_size_per_worker": 8, "weighting": ")";
  Plan plan{.workers = 4, .rounds = 5};
  EXPECT_FALSE(learnt(plan, start + "samples\"}", "{}").equal(learnt(plan, start + "uniform\"}", "{}")));
  auto workers = population(start + "samples\"}", "{}", {.workers = 4});
  std::uint64_t samples = 0;
  for (const Portion& portion : workers->facts().portions) samples += portion.samples;
  EXPECT_EQ(samples, 512U);
}

TEST(Training, FactsStateTheSizesOfASteadyRound) {
  auto workers = population(kPerceptron, kTopK, {.workers = 4});
  const TrainingFacts& facts = workers->facts();
  EXPECT_EQ(facts.parameters, 10 * 32 + 32 + 64 + 2);
  EXPECT_EQ(facts.up_information_bits, 32U * (32 + 9) + 3 * (32 + 5) + 6 * (32 + 6) + (32 + 1));
  EXPECT_GT(facts.down_bytes, facts.up_bytes);
}

TEST(Training, SaysWhichContributionsMeanNothingInALaterRound) {
  auto of_its_round = [](const char* uplink) {
    return population(kPerceptron, std::string(R"({"uplink": )") + uplink + "}", {.workers = 2})
        ->facts()
        .of_its_round;
  };
  EXPECT_TRUE(of_its_round(R"({"type": "rand_k", "k": 3})"));
  EXPECT_TRUE(of_its_round(R"({"type": "powersgd"})"));
  EXPECT_FALSE(of_its_round(R"({"type": "rand_k", "k": 3, "shared": false})"));
  EXPECT_FALSE(of_its_round(R"({"type": "top_k", "k": 3})"));
}

TEST(Training, ADelayedStepThatIsTooLongIsWarnedOf) {
  auto warnings = [](const std::string& compression) {
    return population(kPerceptron, compression, {.workers = 2})->facts().warnings.size();
  };
  EXPECT_EQ(warnings(R"({"uplink": {"type": "top_k", "ratio": 0.001}})"), 1U);
  EXPECT_EQ(warnings(kTopK), 0U);
  EXPECT_EQ(warnings("{}"), 0U);
}

}  // namespace
}  // namespace telegrad
