// What the program incremental refuses of its exchange.

#include <gtest/gtest.h>

#include "sim/core/json.h"
#include "sim/core/resolve.h"
#include "sim/exchanges/exchanges.h"
#include "sim/programs/programs.h"

namespace telegrad::programs {
namespace {

std::vector<Problem> problems_of(const std::string& exchange) {
  Catalogues catalogues;
  exchanges::add_catalogues(catalogues);
  std::vector<Problem> problems;
  resolve_typed(trusted_json(R"({"type": "incremental", "exchange": )" + exchange + "}"),
                programs().catalogue(), catalogues, problems);
  return problems;
}

TEST(Incremental, NobodyIsLeftBehindSoWaitAndLateAreRefused) {
  for (const char* wait : {R"({"type": "quorum", "contributions": 2})",
                           R"({"type": "deadline", "seconds": 1})", R"({"type": "backup", "workers": 1})"}) {
    const auto problems = problems_of(R"({"type": "star", "wait": )" + std::string(wait) + "}");
    ASSERT_EQ(problems.size(), 1u) << wait;
    EXPECT_EQ(problems[0].pointer, "/exchange/wait");
    EXPECT_FALSE(problems[0].remedy.empty());
  }
  for (const char* late : {"deferred", "dropped"}) {
    const auto problems = problems_of(R"({"type": "star", "late": ")" + std::string(late) + "\"}");
    ASSERT_EQ(problems.size(), 1u) << late;
    EXPECT_EQ(problems[0].pointer, "/exchange/late");
  }
  for (const char* fits : {R"({"type": "star"})", R"({"type": "star", "wait": {"type": "everybody"}})",
                           R"({"type": "ring"})", R"({"type": "tree"})"}) {
    EXPECT_TRUE(problems_of(fits).empty()) << fits;
  }
}

}  // namespace
}  // namespace telegrad::programs
