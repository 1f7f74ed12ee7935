// Without loss it does not matter over which exchange a method averages, but for the order in which sums are rounded.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "tests/support/golden.h"
#include "tests/support/payloads.h"
#include "tests/training/averaging.h"
#include "tests/training/methods/promises.h"

namespace telegrad::training {
namespace {

using testing_support::Averaging;
using testing_support::Plan;

using Updates = std::vector<std::vector<double>>;  // by round

struct Setup {
  std::uint32_t workers = 5;
  std::uint64_t rounds = 8;
  std::string exchange = "star";
};

std::unique_ptr<Method> method_of(const std::string& uplink, const Layout& layout, std::uint32_t workers) {
  const std::string compression = R"({"uplink": )" + uplink + "}";
  return make_method(testing_support::resolved(compression, compression_parameters()), layout,
                     {.workers = workers});
}

Updates updates(Method& method, const Setup& setup, const testing_support::Gradients& gradients) {
  Averaging all(method, setup.workers, gradients);
  Observer nobody;
  const Plan plan{.network = R"({"type": "ideal", "block_bytes": 100})",
                  .exchange = testing_support::of_type(setup.exchange),
                  .workers = setup.workers,
                  .rounds = setup.rounds};
  EXPECT_TRUE(run_synchronous(plan, all, nobody).ended);
  Updates result;
  for (std::uint64_t round = 1; round <= setup.rounds; ++round) {
    result.push_back(all.update(round, 0));
    for (std::uint32_t rank = 1; rank < setup.workers; ++rank) {
      EXPECT_EQ(all.update(round, rank), result.back()) << "worker " << rank;
    }
  }
  return result;
}

std::vector<float> gradient(std::uint64_t round, std::uint32_t rank) {
  return testing_support::normal_gradient(100 * round + rank);
}

Updates updates(const std::string& uplink, const Setup& setup,
                const testing_support::Gradients& gradients = gradient) {
  const Layout layout = testing_support::three_tensors();
  auto method = method_of(uplink, layout, setup.workers);
  return updates(*method, setup, gradients);
}

bool carries(const std::string& exchange, const Method& method) {
  for (const auto& entry : exchanges::exchanges().entries()) {
    if (entry.about.name != exchange) continue;
    const auto& carried = entry.make.carries;
    const auto shapes = method.shapes();
    return (entry.make.hub || !method.needs_hub()) &&
           std::all_of(shapes.begin(), shapes.end(), [&](Shape shape) {
             return std::find(carried.begin(), carried.end(), shape) != carried.end();
           });
  }
  return false;
}

void expect_near(const Updates& got, const Updates& want, double tolerance, const std::string& what) {
  for (std::size_t round = 0; round < want.size(); ++round) {
    double most = 1;
    for (double value : want[round]) most = std::max(most, std::fabs(value));
    for (std::size_t i = 0; i < want[round].size(); ++i) {
      ASSERT_NEAR(got[round][i], want[round][i], tolerance * most) << what << " round " << round + 1;
    }
  }
}

/// A21, of every registered method but gTop-k, whose result depends on the brackets, and LGC, which is another
/// algorithm on a ring than on a star.
class EveryExchange : public testing::TestWithParam<std::string> {};

TEST_P(EveryExchange, GivesTheSameUpdates) {
  const Layout layout = testing_support::three_tensors();
  const std::string& uplink = methods().at(GetParam()).about.example;
  const Updates star = updates(uplink, {});
  std::size_t others = 0;
  for (const char* exchange : {"ring", "tree"}) {
    if (!carries(exchange, *method_of(uplink, layout, 5))) continue;
    ++others;
    // What PowerSGD sends depends on all that was rounded before.
    const double tolerance = GetParam() == "powersgd" ? 2e-4 : 1e-5;
    expect_near(updates(uplink, {.exchange = exchange}), star, tolerance, GetParam() + " over a " + exchange);
  }
  const bool at_the_hub = method_of(uplink, layout, 5)->needs_hub();
  EXPECT_EQ(others > 0, !at_the_hub) << "a ring carries everything that needs no hub";
}

std::vector<std::string> names() {
  std::vector<std::string> result;
  for (const auto& entry : methods().entries()) {
    const std::string& name = entry.about.name;
    if (name != "gtop_k" && !name.starts_with("lgc")) result.push_back(name);
  }
  return result;
}

std::string name_of(const testing::TestParamInfo<std::string>& method) { return method.param; }

INSTANTIATE_TEST_SUITE_P(Methods, EveryExchange, testing::ValuesIn(names()), name_of);

/// A7: the mean of what workers make of their gradients is what they make of the mean. ScaleCom is linear only once the
/// leader has chosen, and the leader chooses by its own gradient.
TEST(LinearMethods, AverageAsIfAllHadTheMeanGradient) {
  const std::vector<std::string> settings{
      R"({"type": "dense"})", R"({"type": "dense", "error_feedback": true})", R"({"type": "rand_k", "k": 5})",
      R"({"type": "rand_k", "k": 5, "error_feedback": false})", R"({"type": "powersgd", "rank": 2})"};
  auto mean = [](std::uint64_t round, std::uint32_t) {
    std::vector<float> sum(testing_support::kSize);
    for (std::uint32_t rank = 0; rank < 5; ++rank) {
      const auto own = gradient(round, rank);
      for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += own[i] / 5;
    }
    return sum;
  };
  for (const std::string& uplink : settings) {
    for (const char* exchange : {"star", "ring", "tree"}) {
      expect_near(updates(uplink, {.exchange = exchange}, mean), updates(uplink, {}), 2e-4,
                  uplink + exchange);
    }
  }
  std::vector<std::string> all = settings;
  all.push_back(R"({"type": "scalecom", "k": 5})");
  // Sums of whole numbers are linear, what each worker rounds to them is not: grid_test.cc, shared_scale_test.cc.
  testing_support::expect_all_with("linear", all, {"grid", "qsgd", "terngrad"});
}

/// Bits of values that each worker sent.
struct Sent final : Observer {
  std::map<std::uint32_t, std::uint64_t> bits, messages;
  void message(const MessageRecord& record) override {
    bits[record.from.value] += record.information_bits;
    ++messages[record.from.value];
  }
};

/// A18: a ring of dense workers has the mean, and sends 2 (N - 1) ceil(E / N) values at most.
TEST(DenseRing, HasTheMeanAndSendsWhatTheFormulaSays) {
  for (const char* name : {"N1_V400", "N2_V400", "N3_V400", "N4_V4000", "N8_V1000004"}) {
    const Value& entry = testing_support::golden(std::string("ring.allreduce.") + name);
    const auto workers = static_cast<std::uint32_t>(entry["input"]["N"].integer());
    const auto size = static_cast<std::size_t>(entry["input"]["V_bytes"].integer() / 4);
    Layout layout;
    layout.add("x", {static_cast<std::int64_t>(size)}, 0);
    auto method = method_of(R"({"type": "dense"})", layout, workers);
    auto given = [&](std::uint64_t, std::uint32_t rank) {
      return testing_support::normal_gradient(rank + 1, size);
    };
    Averaging all(*method, workers, given);
    Sent sent;
    const Plan plan{.exchange = testing_support::of_type("ring"), .workers = workers, .rounds = 1};
    ASSERT_TRUE(run_synchronous(plan, all, sent).ended);
    std::vector<double> mean(size);
    for (std::uint32_t rank = 0; rank < workers; ++rank) {
      const auto own = given(1, rank);
      for (std::size_t i = 0; i < size; ++i) mean[i] += double{own[i]} / workers;
    }
    const auto got = all.update(1, workers - 1);
    for (std::size_t i = 0; i < size; ++i) ASSERT_NEAR(got[i], mean[i], 1e-5) << name;
    std::uint64_t most = 0, together = 0;
    for (const auto& [rank, bits] : sent.bits) {
      most = std::max(most, bits);
      together += bits;
    }
    const auto bound = static_cast<std::uint64_t>(entry["expected"]["per_worker_sent"].integer()) * 8;
    EXPECT_LE(most, bound) << name;
    EXPECT_EQ(together, 2 * (workers - 1) * size * 32) << name;
    if (size % workers == 0) {
      EXPECT_EQ(most, bound) << name;
    }
    for (const auto& [rank, messages] : sent.messages) {
      EXPECT_EQ(messages, static_cast<std::uint64_t>(entry["expected"]["steps"].integer())) << name;
    }
  }
}

}  // namespace
}  // namespace telegrad::training
