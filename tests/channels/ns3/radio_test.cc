// Which settings of the radio there are, and that ns-3 builds every one of them.

#include <gtest/gtest.h>

#include "channels/ns3/radio.h"
#include "tests/channels/ns3/traffic.h"

namespace telegrad {
namespace {

using namespace channels;
using namespace testing_support;

std::vector<std::string> pointers(const std::vector<Problem>& problems) {
  std::vector<std::string> found;
  for (const auto& problem : problems) found.push_back(problem.pointer);
  return found;
}

using Pointers = std::vector<std::string>;

TEST(Radio, CombinationsThatTheStandardLacksAreNamed) {
  const Rate rate{RateControl::constant, 7};
  EXPECT_EQ(pointers(check_radio({WifiStandard::ac, 2.4, 20, 800}, rate)), Pointers{"/band_ghz"});
  EXPECT_EQ(pointers(check_radio({WifiStandard::n, 6, 20, 800}, rate)), Pointers{"/band_ghz"});
  EXPECT_EQ(pointers(check_radio({WifiStandard::n, 5, 80, 800}, rate)), Pointers{"/channel_width_mhz"});
  EXPECT_EQ(pointers(check_radio({WifiStandard::ax, 2.4, 80, 800}, rate)), Pointers{"/channel_width_mhz"});
  EXPECT_EQ(pointers(check_radio({WifiStandard::ax, 5, 60, 800}, rate)), Pointers{"/channel_width_mhz"});
  EXPECT_EQ(pointers(check_radio({WifiStandard::ax, 5, 20, 400}, rate)), Pointers{"/guard_interval_ns"});
  EXPECT_EQ(pointers(check_radio({WifiStandard::n, 5, 20, 1600}, rate)), Pointers{"/guard_interval_ns"});
  EXPECT_EQ(pointers(check_radio({WifiStandard::n, 5, 20, 800}, {RateControl::constant, 8})),
            Pointers{"/rate/mcs"});
  EXPECT_EQ(pointers(check_radio({WifiStandard::ac, 5, 20, 800}, {RateControl::constant, 9})),
            Pointers{"/rate/mcs"});
  EXPECT_TRUE(check_radio({WifiStandard::ac, 5, 40, 800}, {RateControl::constant, 9}).empty());
  EXPECT_EQ(pointers(check_radio({WifiStandard::ax, 5, 20, 800}, {RateControl::constant, 12})),
            Pointers{"/rate/mcs"});
  EXPECT_TRUE(check_radio({WifiStandard::be, 6, 160, 800}, {RateControl::constant, 13}).empty());
  EXPECT_EQ(pointers(check_radio({WifiStandard::be, 5, 320, 800}, rate)), Pointers{"/channel_width_mhz"});
}

TEST(Radio, PhyRatesAreThoseOfTheStandards) {
  EXPECT_NEAR(phy_rate_mbps({WifiStandard::n, 2.4, 20, 800}, 7), 65.0, 0.1);
  EXPECT_NEAR(phy_rate_mbps({WifiStandard::n, 5, 40, 400}, 7), 150.0, 0.1);
  EXPECT_NEAR(phy_rate_mbps({WifiStandard::ac, 5, 80, 400}, 9), 433.3, 0.1);
  EXPECT_NEAR(phy_rate_mbps({WifiStandard::ax, 5, 20, 800}, 11), 143.4, 0.1);
  EXPECT_NEAR(phy_rate_mbps({WifiStandard::ax, 6, 160, 3200}, 0), 61.3, 0.1);
  // 802.11be-2024, 36.5: data tones x bits a tone x code rate / symbol; 234 x 12 x 5/6 / 13.6 us, 1960 of them ...
  EXPECT_NEAR(phy_rate_mbps({WifiStandard::be, 5, 20, 800}, 13), 172.1, 0.1);
  EXPECT_NEAR(phy_rate_mbps({WifiStandard::be, 6, 160, 800}, 13), 1441.2, 0.1);
  EXPECT_NEAR(phy_rate_mbps({WifiStandard::be, 6, 160, 3200}, 12), 1102.5, 0.1);
}

TEST(Radio, EveryLegalCombinationCarriesAMessage) {
  int built = 0;
  for (const char* standard : {"802.11n", "802.11ac", "802.11ax", "802.11be"}) {
    for (const double band : {2.4, 5.0, 6.0}) {
      for (const int width : {20, 40, 80, 160, 320}) {
        for (const int guard : {400, 800, 1600, 3200}) {
          const Radio radio{standard_of(standard), band, width, guard};
          if (!check_radio(radio, {RateControl::constant, 5}).empty()) continue;
          const std::string json = std::string(R"({"type": "wifi", "standard": ")") + standard +
                                   "\", \"band_ghz\": " + std::to_string(band) +
                                   ", \"channel_width_mhz\": " + std::to_string(width) +
                                   ", \"guard_interval_ns\": " + std::to_string(guard) +
                                   R"(, "rate": {"type": "constant", "mcs": 5}})";
          Records records;
          Traffic traffic{.workers = 1, .rounds = 1, .up = {3000}, .down = {3000}, .control = 0};
          run_traffic(json, 1, traffic, records);
          EXPECT_EQ(records.all.size(), 2u) << json;
          ++built;
        }
      }
    }
  }
  EXPECT_EQ(built, 8 + 8 + 30 + 30);
}

TEST(Radio, EveryRateManagerCarriesMessagesOnEveryStandard) {
  for (const char* standard : {"802.11n", "802.11ac", "802.11ax", "802.11be"}) {
    for (const char* rate : {"ideal", "thompson_sampling"}) {
      const std::string json = std::string(R"({"type": "wifi", "standard": ")") + standard +
                               R"(", "rate": {"type": ")" + rate + "\"}}";
      Records records;
      Traffic traffic{.workers = 2, .rounds = 2, .up = {20'000}, .down = {20'000}, .control = 0};
      run_traffic(json, 1, traffic, records);
      EXPECT_EQ(records.all.size(), 8u) << json;
    }
  }
}

TEST(Radio, AFasterRateIsFaster) {
  const auto time_of = [](const std::string& mcs) {
    Records records;
    Traffic traffic{.workers = 2, .rounds = 2, .up = {64'000}, .down = {64'000}, .control = 0};
    return run_traffic(R"({"type": "wifi", "rate": {"type": "constant", "mcs": )" + mcs + "}}", 1, traffic,
                       records);
  };
  EXPECT_GT(time_of("0"), 3 * time_of("9"));
}

}  // namespace
}  // namespace telegrad
