// The same binary, scenario and seeds give the same fingerprint: again in this process after other runs, with any
// number of threads, and in another process.

#include <array>
#include <cstdio>
#include <cstdlib>

#include "sim/programs/transfer.h"
#include "tests/support/staged_run.h"

namespace telegrad {
namespace {

using namespace testing_support;

std::string fingerprint(const NetworkCase& network, std::uint64_t seed, unsigned threads,
                        std::uint64_t bytes) {
  programs::Transfer training(4, bytes, bytes / 2);
  Observer nobody;
  Plan plan{.network = network.json, .rounds = 5, .seed = seed, .threads = threads};
  return run_synchronous(plan, training, nobody).fingerprint;
}

class Determinism : public testing::TestWithParam<NetworkCase> {};

TEST_P(Determinism, TwoRunsInOneProcessAreEqualAlsoAfterOthers) {
  std::string first = fingerprint(GetParam(), 1, 1, 20'000);
  fingerprint(networks_under_test().back(), 7, 1, 5'000);
  fingerprint(GetParam(), 2, 1, 31'000);
  EXPECT_EQ(fingerprint(GetParam(), 1, 1, 20'000), first);
}

TEST_P(Determinism, ThreadsDoNotMatter) {
  EXPECT_EQ(fingerprint(GetParam(), 1, 1, 20'000), fingerprint(GetParam(), 1, 2, 20'000));
}

TEST_P(Determinism, WhatIsSentMatters) {
  EXPECT_NE(fingerprint(GetParam(), 1, 1, 20'000), fingerprint(GetParam(), 1, 1, 20'004));
}

TEST_P(Determinism, AnotherProcessAgrees) {
  std::string mine = fingerprint(GetParam(), 1, 1, 20'000);
  if (const char* file = std::getenv("TELEGRAD_TEST_FINGERPRINT")) {  // the other process ends here
    std::FILE* out = std::fopen(file, "w");
    ASSERT_NE(out, nullptr);
    std::fputs(mine.c_str(), out);
    std::fclose(out);
    return;
  }
  std::string file = testing::TempDir() + "fingerprint_" + GetParam().name;
  const auto* test = testing::UnitTest::GetInstance()->current_test_info();
  std::string command = "env -u GTEST_TOTAL_SHARDS -u GTEST_SHARD_INDEX TELEGRAD_TEST_FINGERPRINT='" + file +
                        "' '" + testing::internal::GetArgvs()[0] + "' --gtest_filter='" +
                        test->test_suite_name() + "." + test->name() + "' > /dev/null 2>&1";
  ASSERT_EQ(std::system(command.c_str()), 0);
  std::array<char, 64> read{};
  std::FILE* in = std::fopen(file.c_str(), "r");
  ASSERT_NE(in, nullptr);
  ASSERT_NE(std::fgets(read.data(), read.size(), in), nullptr);
  std::fclose(in);
  std::remove(file.c_str());
  EXPECT_EQ(mine, read.data());
}

INSTANTIATE_TEST_SUITE_P(Every, Determinism, testing::ValuesIn(networks_under_test()), case_name);

TEST(Seeds, TheNetworkSeedMattersWhereThereIsLoss) {
  for (const NetworkCase& network : networks_under_test()) {
    if (!network.lossy) continue;
    EXPECT_NE(fingerprint(network, 1, 1, 20'000), fingerprint(network, 2, 1, 20'000)) << network.name;
  }
}

}  // namespace
}  // namespace telegrad
