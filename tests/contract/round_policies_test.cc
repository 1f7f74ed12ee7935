// For whom a round stays open, and what becomes of those who come late.

#include "tests/contract/federation.h"

namespace telegrad {
namespace {

using namespace testing_support;

Federation with(const std::string& wait, const std::string& late, const std::string& program) {
  Federation setup{.compression = R"({"uplink": {"type": "top_k", "ratio": 0.2}})",
                   .program = program,
                   .workers = 5,
                   .rounds = 30};
  setup.exchange = R"({"type": "star", "wait": )" + wait + R"(, "late": ")" + late + R"("})";
  setup.clients = program.find("local_sgd") == std::string::npos ? 0 : 5;
  return setup;
}

TEST(RoundPolicies, SayWhoCameLateAndWhatBecameOfIt) {
  const Devices devices = uneven();
  const std::map<std::string, Fate> fates{
      {"dropped", Fate::dropped}, {"returned", Fate::returned}, {"deferred", Fate::deferred}};
  for (const char* wait : {R"({"type": "quorum", "contributions": 3})", R"({"type": "backup", "workers": 2})",
                           R"({"type": "deadline", "seconds": 0.02})"}) {
    for (const std::string& program : {std::string("synchronous"), local(2, 5)}) {
      for (const auto& [late, fate] : fates) {
        const Federation setup = with(wait, late, program);
        auto all = population(setup.training, setup.compression, {.workers = 5, .cohort = setup.clients});
        Heard heard;
        ASSERT_TRUE(run(setup, *all, heard, R"({"type": "ideal"})", &devices).ended);
        EXPECT_GT(heard.count(fate), 0u) << wait << late << program;
        EXPECT_EQ(heard.count(Fate::applied) + heard.count(fate) + heard.count(Fate::missing),
                  heard.fates.size());
        for (const auto& [key, record] : heard.fates) {
          if (record.fate == Fate::applied) {
            EXPECT_LE(record.arrived, record.closed);
          }
          if (record.fate == fate) {
            EXPECT_GT(record.arrived, record.closed);
            EXPECT_GE(record.node.value, 3u) << "only the slow ones come late";
          }
        }
      }
    }
  }
}

TEST(RoundPolicies, ABackupWorkerMakesRoundsShorter) {
  const Devices devices = uneven();
  auto end = [&](const char* wait) {
    const Federation setup = with(wait, "dropped", "synchronous");
    auto all = population(setup.training, setup.compression, {.workers = 5});
    Heard heard;
    run(setup, *all, heard, R"({"type": "ideal"})", &devices);
    return heard.rounds.at(9).begin;
  };
  EXPECT_LT(end(R"({"type": "backup", "workers": 2})") * 5, end(R"({"type": "everybody"})"));
}

/// What comes late returns to feedback, or is gone.
TEST(RoundPolicies, DroppingLosesWhatReturningKeeps) {
  const Devices devices = uneven(2);  // everybody is late now and then
  auto model = [&](const std::string& late) {
    Federation setup = with(R"({"type": "quorum", "contributions": 3})", late, local(2, 5));
    auto all = population(setup.training, setup.compression, {.workers = 5, .cohort = 5});
    Heard heard;
    run(setup, *all, heard, R"({"type": "ideal"})", &devices);
    return all->parameters().clone();
  };
  EXPECT_GT(distance(model("dropped"), model("returned")), 1e-4);
}

/// One of two clients comes in time, and counts alone, however few samples it has.
TEST(RoundPolicies, WeightsAreThoseOfTheClientsThatCame) {
  const DeviceProfile profile{
      .name = "test", .flops_per_s = 1e9, .codec_bytes_per_s = {}, .active_power_w = {}, .source = "test"};
  for (const std::vector<double>& speeds :
       {std::vector<double>{1, 1e-3, 1}, std::vector<double>{1e-3, 1, 1}}) {
    const Devices devices(profile, speeds, 0, 1);
    auto model = [&](const std::string& weighting, const std::string& compression) {
      Federation setup{.training = logistic(R"("weighting": ")" + weighting + R"(", )"),
                       .compression = compression,
                       .program = local(2, 2),
                       .exchange = R"({"type": "star", "wait": {"type": "quorum", "contributions": 1}})",
                       .workers = 2,
                       .rounds = 1,
                       .clients = 2};
      auto all = population(setup.training, setup.compression, {.workers = 2, .cohort = 2});
      Heard heard;
      EXPECT_TRUE(run(setup, *all, heard, R"({"type": "ideal"})", &devices).ended);
      return all->parameters().clone();
    };
    EXPECT_LT(distance(model("samples", "{}"), model("uniform", "{}")), 1e-6);
    const std::string feedback = R"({"uplink": {"type": "top_k", "ratio": 0.5}})";
    EXPECT_GT(distance(model("samples", feedback), model("uniform", feedback)), 1e-4)
        << "the rest comes later";
  }
}

}  // namespace
}  // namespace telegrad
