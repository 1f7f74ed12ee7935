// Whole runs, hashed: a change here is a change of simulated results, and needs a line under 'Changed behaviour' in
// CHANGELOG.md. The numbers belong to one version of ns-3; another has its own.

#include <gtest/gtest.h>

#include <map>

#include "sim/programs/transfer.h"
#include "tests/support/staged_run.h"

namespace telegrad {
namespace {

using namespace testing_support;

const std::map<std::string, std::string> kFingerprints = {
    // ns-3 3.44
    {"ideal_example", "8cfa0c84eecc859a"},
    {"ideal_instant", "76a764f5b7858aa1"},
    {"ideal_shared_lossy", "80ec3c854a91bc0c"},
    {"ideal_lossy_both_ways", "2141e1892a75c044"},
    {"wifi_example", "8ce126290483977d"},
    {"wifi_tcp", "aff793a677ea1c75"},
    {"wifi_datagram_both_ways", "681d2058c9105452"},
    {"wifi_datagram_lossy", "ffa2d584cc74e8de"},
    {"wifi_shaped", "8656aad6041e51fb"},
    {"wifi_shaped_tcp", "a2fdeb882a51d6d0"},
    {"ideal_broadcast", "156c918278638b2f"},
    {"wifi_be", "0ade2c362a84085b"},
    {"wifi_ad_hoc", "cf78ef3ed5354eb2"},
    {"wifi_broadcast", "eb1add186cf86cb1"},
    {"wired_example", "817dd88d3c57db0b"},
    {"wired_with_errors", "bd74ebddf9e9f378"},
};

class GoldenRun : public testing::TestWithParam<NetworkCase> {};

TEST_P(GoldenRun, HasItsFingerprint) {
  programs::Transfer training(4, 20'000, 10'000);
  Observer nobody;
  Plan plan{.network = GetParam().json, .rounds = 5};
  Ran ran = run_synchronous(plan, training, nobody);
  auto known = kFingerprints.find(GetParam().name);
  ASSERT_NE(known, kFingerprints.end()) << "a new case: " << ran.fingerprint;
  EXPECT_EQ(ran.fingerprint, known->second);
}

INSTANTIATE_TEST_SUITE_P(Every, GoldenRun, testing::ValuesIn(networks_under_test()), case_name);

}  // namespace
}  // namespace telegrad
