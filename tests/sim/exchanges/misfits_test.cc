// What an exchange cannot do for a training is said at the door, with the reason and what would do.

#include <gtest/gtest.h>

#include "sim/core/json.h"
#include "sim/core/resolve.h"
#include "sim/exchanges/exchanges.h"

namespace telegrad::exchanges {
namespace {

std::vector<Problem> problems_of(const char* exchange, const Demands& demands,
                                 const NetworkFacts& network = {}) {
  Catalogues catalogues;
  add_catalogues(catalogues);
  Value resolved = resolve_trusted(exchange, catalogues.at("exchanges"), catalogues);
  return misfits(resolved, demands, network);
}

TEST(Misfits, ATreeFoldsPartialResultsAlone) {
  for (Shape shape : {Shape::local, Shape::sliceable}) {
    auto problems = problems_of(R"({"type": "tree"})", {.shapes = {shape}});
    ASSERT_EQ(problems.size(), 1u);
    EXPECT_EQ(problems[0].pointer, "/program/exchange");
    EXPECT_NE(
        problems[0].message.find("folds partial results on their way; this method needs all contributions"),
        std::string::npos)
        << problems[0].message;
    EXPECT_NE(problems[0].message.find(to_string(shape)), std::string::npos);
    EXPECT_EQ(problems[0].remedy, "take the exchange 'star' or 'ring'");
  }
  EXPECT_TRUE(problems_of(R"({"type": "tree"})", {.shapes = {Shape::linear, Shape::associative}}).empty());
}

TEST(Misfits, OnlyAStarHasAHub) {
  EXPECT_TRUE(problems_of(R"({"type": "star"})", {.shapes = {Shape::local}, .hub = true}).empty());
  auto problems = problems_of(R"({"type": "ring"})", {.shapes = {Shape::local}, .hub = true});
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_NE(problems[0].message.find("has no hub"), std::string::npos);
  EXPECT_EQ(problems[0].remedy, "take the exchange 'star'");
}

TEST(Misfits, WhatBelongsToItsRoundIsNotDeferred) {
  const char* deferring =
      R"({"type": "star", "wait": {"type": "quorum", "contributions": 2}, "late": "deferred"})";
  EXPECT_TRUE(problems_of(deferring, {.shapes = {Shape::linear}}).empty());
  EXPECT_TRUE(problems_of(R"({"type": "star", "wait": {"type": "quorum", "contributions": 2}})",
                          {.shapes = {}, .of_its_round = true})
                  .empty());
  auto problems = problems_of(deferring, {.shapes = {}, .of_its_round = true});
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_EQ(problems[0].remedy, "set late to 'returned'");
}

TEST(Misfits, ResultsThatAreLostOnTheirWayRoundAreNeverSentAgain) {
  NetworkFacts lossy;
  lossy.reliable = lossy.reliable_down = false;
  EXPECT_TRUE(problems_of(R"({"type": "star"})", {}, lossy).empty());
  for (const char* exchange : {R"({"type": "ring"})", R"({"type": "tree"})"}) {
    auto problems = problems_of(exchange, {}, lossy);
    ASSERT_EQ(problems.size(), 1u);
    EXPECT_NE(problems[0].message.find("may lose what goes down"), std::string::npos);
    EXPECT_NE(problems[0].remedy.find("'star'"), std::string::npos);
  }
  lossy.reliable_down = true;  // on their way up they come back to their sender
  EXPECT_TRUE(problems_of(R"({"type": "ring"})", {}, lossy).empty());
}

TEST(Misfits, ReplicasAreSetAlikeOnlyWhereTheyCanGoApartAndStay) {
  const char* resync = R"({"type": "star", "replicas": "resync", "resync_rounds": 5})";
  NetworkFacts lossy;
  lossy.reliable = lossy.reliable_down = false;
  EXPECT_TRUE(problems_of(resync, {}, lossy).empty());
  auto expect_refused = [&](const Demands& demands, const NetworkFacts& network, const char* said,
                            const char* remedy) {
    const auto problems = problems_of(resync, demands, network);
    ASSERT_EQ(problems.size(), 1u) << said;
    EXPECT_NE(problems[0].message.find(said), std::string::npos) << problems[0].message;
    EXPECT_NE(problems[0].remedy.find(remedy), std::string::npos) << problems[0].remedy;
  };
  Demands whole, passes;
  whole.whole_down = true;
  passes.passes_models = true;
  expect_refused({}, {}, "never differ", "leave replicas and resync_rounds out");
  expect_refused(whole, lossy, "replicas: diverge", "'repair'");
  expect_refused(passes, lossy, "passes the whole model on", "'repair'");
  EXPECT_TRUE(problems_of(R"({"type": "star"})", whole, lossy).empty());
  EXPECT_TRUE(problems_of(R"({"type": "star", "replicas": "diverge"})", passes, lossy).empty());
}

TEST(Misfits, ResyncSaysAfterHowManyRoundsAndNobodyElseDoes) {
  Catalogues catalogues;
  add_catalogues(catalogues);
  auto mistakes = [&](const char* json) {
    std::vector<Problem> problems;
    resolve_typed(trusted_json(json), catalogues.at("exchanges"), catalogues, problems);
    return problems;
  };
  EXPECT_TRUE(mistakes(R"({"type": "star", "replicas": "resync", "resync_rounds": 5})").empty());
  auto problems = mistakes(R"({"type": "star", "replicas": "resync"})");
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_EQ(problems[0].pointer, "/replicas");
  EXPECT_NE(problems[0].remedy.find("resync_rounds"), std::string::npos);
  for (const char* other : {R"({"type": "star", "resync_rounds": 5})",
                            R"({"type": "star", "replicas": "diverge", "resync_rounds": 5})"}) {
    problems = mistakes(other);
    ASSERT_EQ(problems.size(), 1u) << other;
    EXPECT_EQ(problems[0].pointer, "/resync_rounds");
  }
}

TEST(Misfits, AllAreSaidAtOnce) {
  NetworkFacts lossy;
  lossy.reliable_down = false;
  EXPECT_EQ(
      problems_of(R"({"type": "tree"})", {.shapes = {Shape::local, Shape::sliceable}, .hub = true}, lossy)
          .size(),
      4u);
}

}  // namespace
}  // namespace telegrad::exchanges
