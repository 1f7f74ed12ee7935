// CLAT on the reproducible logistic regression: whole runs in double precision against numbers worked out apart from
// this code.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "tests/support/golden.h"
#include "training/datasets/clat_benchmark.h"
#include "training/methods/clat_cost.h"

namespace telegrad::training {
namespace {

using testing_support::doubles;
using testing_support::golden;
using Vector = std::vector<double>;

constexpr double kLambda = 0.005;

double dot(const Vector& a, const Vector& b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

/// (1/N) sum log(1 + exp(-y a.x)) + lambda/2 ||x||^2.
class Objective {
 public:
  double value(const Vector& x) const {
    double sum = 0;
    for (std::size_t i = 0; i < data_.rows.size(); ++i) sum += std::log1p(std::exp(-margin(i, x)));
    return sum / ClatData::kRows + kLambda / 2 * dot(x, x);
  }
  Vector gradient(const Vector& x) const {
    Vector g(x.size(), 0.0);
    for (std::size_t i = 0; i < data_.rows.size(); ++i) {
      const double weight = -data_.labels[i] / (1 + std::exp(margin(i, x)));
      for (std::size_t j = 0; j < g.size(); ++j) g[j] += weight * data_.rows[i][j];
    }
    for (std::size_t j = 0; j < g.size(); ++j) g[j] = g[j] / ClatData::kRows + kLambda * x[j];
    return g;
  }
  /// lambda_max(A^T A) / (4 N) + lambda, by 500 power iterations from all ones.
  double smoothness() const {
    Vector v(ClatData::kFeatures, 1.0);
    double norm = 0;
    for (int iteration = 0; iteration < 500; ++iteration) {
      Vector next(v.size(), 0.0);
      for (const auto& row : data_.rows) {
        const double product = std::inner_product(row.begin(), row.end(), v.begin(), 0.0);
        for (std::size_t j = 0; j < v.size(); ++j) next[j] += product * row[j];
      }
      norm = std::sqrt(dot(next, next));
      for (std::size_t j = 0; j < v.size(); ++j) v[j] = next[j] / norm;
    }
    return norm / (4 * ClatData::kRows) + kLambda;
  }
  const ClatData& data() const { return data_; }

 private:
  double margin(std::size_t i, const Vector& x) const {
    return data_.labels[i] * std::inner_product(x.begin(), x.end(), data_.rows[i].begin(), 0.0);
  }
  ClatData data_ = clat_data();
};

struct Reference {
  Objective objective;
  double smoothness = 0;
  double least = 0;  // F*
};

const Reference& reference() {
  static const Reference it = [] {
    Reference made;
    made.smoothness = made.objective.smoothness();
    Vector x(ClatData::kFeatures, 0.0);
    for (int step = 0; step < 3000; ++step) {
      const Vector g = made.objective.gradient(x);
      for (std::size_t j = 0; j < x.size(); ++j) x[j] -= g[j] / made.smoothness;
    }
    made.least = made.objective.value(x);
    return made;
  }();
  return it;
}

struct Descent {
  int iterations = 0;
  int violations = 0;  // steps that decreased the objective by less than was guaranteed
  double cost = 0;
  double efficiency = 0;  // mean
  double entries = 0;     // mean
  double bound = 0;       // of the total cost
};

/// Descends from 0 until F - F* <= eps; fixed = 0 chooses the entries anew in each step.
Descent descend(ClatMode mode, std::size_t fixed, const CommunicationCost& cost, double eps) {
  const auto& [objective, smoothness, least] = reference();
  const MessageBits message = mode == ClatMode::sign ? MessageBits{64, 7} : MessageBits{0, 70};
  Vector x(ClatData::kFeatures, 0.0);
  double value = objective.value(x);
  const double start = value - least;
  double least_worth = INFINITY;
  Descent run;
  while (value - least > eps && run.iterations < 5000) {
    const Vector g = objective.gradient(x);
    const ClatEfficiency vector(g);
    ClatChoice chosen = tune(vector, mode, cost, message);
    if (fixed > 0) {
      const auto entries = static_cast<double>(fixed);
      chosen = {fixed, vector.of(mode, entries), cost.of(entries, message)};
    }
    least_worth = std::min(least_worth, chosen.efficiency / chosen.cost);
    std::vector<std::size_t> order(g.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return std::fabs(g[a]) > std::fabs(g[b]); });
    for (std::size_t i = 0; i < chosen.entries; ++i) {
      const double g_j = g[order[i]];
      const double sent =
          mode == ClatMode::sign ? std::copysign(vector.sign_scale(chosen.entries), g_j) : g_j;
      x[order[i]] -= sent / smoothness;
    }
    const double next = objective.value(x);
    const double guaranteed = chosen.efficiency * vector.squared_norm() / (2 * smoothness);
    if (value - next < guaranteed - 1e-14) ++run.violations;
    value = next;
    ++run.iterations;
    run.cost += chosen.cost;
    run.efficiency += chosen.efficiency;
    run.entries += static_cast<double>(chosen.entries);
  }
  run.efficiency /= run.iterations;
  run.entries /= run.iterations;
  run.bound = (smoothness / kLambda * std::log(start / eps) + 1) / least_worth;
  return run;
}

TEST(ClatBenchmark, HasTheDataAndTheConstants) {
  const auto& [objective, smoothness, least] = reference();
  const Value& data = golden("clat.data")["expected"];
  const Value& constants = golden("clat.constants")["expected"];
  const Vector origin(ClatData::kFeatures, 0.0);
  const Vector g = objective.gradient(origin);
  for (std::size_t j = 0; j < 3; ++j) {
    EXPECT_NEAR(objective.data().rows[0][j], doubles(data["row0_first3"])[j], 1e-12);
    EXPECT_NEAR(objective.data().rows[199][j], doubles(data["row199_first3"])[j], 1e-12);
    EXPECT_NEAR(g[j], doubles(data["gradient_at_zero_first3"])[j], 1e-12);
  }
  EXPECT_NEAR(std::sqrt(dot(g, g)), data["gradient_norm_at_zero"].number(), 1e-12);
  const auto& labels = objective.data().labels;
  EXPECT_EQ(std::count(labels.begin(), labels.end(), 1), data["positives"].integer());
  for (std::size_t i = 0; i < 10; ++i) EXPECT_EQ(labels[i], data["labels_first10"].items()[i].integer());
  EXPECT_NEAR(smoothness, constants["L"].number(), 1e-9);
  EXPECT_NEAR(smoothness / kLambda, constants["kappa"].number(), 1e-9 * 17);
  EXPECT_NEAR(objective.value(origin), constants["f0"].number(), 1e-9);
  EXPECT_NEAR(least, constants["fstar"].number(), 1e-9);
}

class EveryRun : public testing::TestWithParam<std::tuple<const char*, const char*>> {};

TEST_P(EveryRun, TakesTheIterationsAndCostsOfTheReference) {
  const std::string model = std::get<0>(GetParam());
  const std::string method = std::get<1>(GetParam());
  const auto cost = model == "payload"            ? CommunicationCost::payload()
                    : model == "payload_plus_512" ? CommunicationCost::affine(1, 512)
                                                  : CommunicationCost::packet_bits(4608, 512, 4096);
  const Value& entry = golden("clat.run." + model + "." + method);
  const Value& expected = entry["expected"];
  const Value& tolerance = entry["tolerance"];
  const ClatMode mode = method.starts_with("SQ") ? ClatMode::sign : ClatMode::sparsify;
  const Value& given = entry["input"]["T"];
  const std::size_t entries = given.is_text() ? 0 : static_cast<std::size_t>(given.integer());
  const Descent run = descend(mode, entries, cost, entry["input"]["eps"].number());
  auto near = [&](double got, const char* what) {
    const double want = expected[what].number();
    EXPECT_NEAR(got, want, tolerance[what].number() * std::fabs(want)) << what;
  };
  EXPECT_NEAR(run.iterations, expected["iterations"].number(), tolerance["iterations"]["abs"].number());
  EXPECT_EQ(run.violations, 0);
  near(run.cost, "cost");
  near(run.efficiency, "mean_efficiency");
  near(run.entries, "mean_T");
  near(run.bound, "total_cost_bound");
  EXPECT_LE(run.cost, run.bound);
}

std::string name_of(const testing::TestParamInfo<std::tuple<const char*, const char*>>& info) {
  std::string name = std::string(std::get<0>(info.param)) + "_" + std::get<1>(info.param);
  std::replace(name.begin(), name.end(), '.', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(ClatBenchmark, EveryRun,
                         testing::Combine(testing::Values("payload", "payload_plus_512",
                                                          "packet_4608_512_4096"),
                                          testing::Values("S.50", "S.adaptive", "S.1", "S.5", "SQ.adaptive")),
                         name_of);

}  // namespace
}  // namespace telegrad::training
