// ns-3's own attributes from a scenario: what is refused, and that a run's defaults do not outlive it.

#include <gtest/gtest.h>

#include "channels/ns3/attributes.h"
#include "channels/ns3/settings.h"
#include "ns3/type-id.h"
#include "tests/channels/ns3/traffic.h"

namespace telegrad {
namespace {

using namespace channels;
using namespace testing_support;

/// The first problem's words, or nothing.
std::string mistake(const std::string& name, Value value) {
  const Value attributes(Value::Object{Member{name, std::move(value)}});
  const auto problems = check_attributes(attributes, owned_wifi_attributes());
  return problems.empty() ? "" : problems.front().message;
}

bool says(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST(Attributes, AllKindsOfValuesAreTaken) {
  EXPECT_EQ(mistake("ns3::LogDistancePropagationLossModel::Exponent", 3.2), "");
  EXPECT_EQ(mistake("ns3::LogDistancePropagationLossModel::Exponent", 3), "");
  EXPECT_EQ(mistake("ns3::TcpSocket::SegmentSize", 1000), "");
  EXPECT_EQ(mistake("ns3::TcpSocketBase::Sack", false), "");
  EXPECT_EQ(mistake("ns3::TcpSocketBase::MinRto", "0.25s"), "");
  EXPECT_EQ(mistake("ns3::WifiMacQueue::MaxSize", "800p"), "");
  EXPECT_EQ(mistake("ns3::WifiRemoteStationManager::NonUnicastMode", "HeMcs4"), "");
  EXPECT_EQ(mistake("ns3::TcpSocketBase::UseEcn", "On"), "");
  EXPECT_EQ(mistake("ns3::TcpL4Protocol::SocketType", "ns3::TcpBbr"), "");
  EXPECT_EQ(mistake("ns3::WifiPhy::PostReceptionErrorModel",
                    "ns3::RateErrorModel[ErrorRate=0.1|ErrorUnit=ERROR_UNIT_PACKET]"),
            "");
}

TEST(Attributes, MisspeltNamesBringTheNearestOne) {
  EXPECT_TRUE(says(mistake("ns3::TcpSockett::SegmentSize", 1), "did you mean ns3::TcpSocket?"));
  EXPECT_TRUE(says(mistake("ns3::TcpSocket::SegmentSice", 1), "did you mean ns3::TcpSocket::SegmentSize?"));
  EXPECT_TRUE(says(mistake("SegmentSize", 1), "expected \"ns3::Class::Attribute\""));
  EXPECT_TRUE(says(mistake("ns3::ConstantRateWifiManager::RtsCtsThreshold", 1),
                   "write ns3::WifiRemoteStationManager::RtsCtsThreshold"));
}

TEST(Attributes, ValuesThatWouldEndTheProcessAreRefused) {
  EXPECT_NE(mistake("ns3::LogDistancePropagationLossModel::Exponent", "three"), "");
  EXPECT_NE(mistake("ns3::LogDistancePropagationLossModel::Exponent", true), "");
  EXPECT_NE(mistake("ns3::TcpSocket::SegmentSize", -1), "");
  EXPECT_NE(mistake("ns3::TcpSocket::SegmentSize", 3.5), "");
  EXPECT_NE(mistake("ns3::TcpSocket::SegmentSize", std::int64_t{1} << 40), "");
  EXPECT_NE(mistake("ns3::TcpSocketBase::MinRto", "200"), "");
  EXPECT_NE(mistake("ns3::TcpSocketBase::MinRto", "200 parsecs"), "");
  EXPECT_NE(mistake("ns3::TcpSocketBase::MinRto", "999999999999999h"), "");
  EXPECT_NE(mistake("ns3::TcpSocketBase::UseEcn", "Maybe"), "");
  EXPECT_NE(mistake("ns3::TcpL4Protocol::SocketType", "ns3::TcpNoSuch"), "");
  EXPECT_NE(mistake("ns3::TcpL4Protocol::SocketType", "ns3::RttMeanDeviation"), "");
  EXPECT_NE(mistake("ns3::WifiRemoteStationManager::NonUnicastMode", "HeMcs12"), "");
  EXPECT_NE(mistake("ns3::WifiPhy::PostReceptionErrorModel", "ns3::RateErrorModel[ErrorRat=0.1]"), "");
  EXPECT_NE(mistake("ns3::WifiPhy::PostReceptionErrorModel", "ns3::RateErrorModel[ErrorRate=x]"), "");
  EXPECT_NE(mistake("ns3::WifiPhy::PostReceptionErrorModel", "ns3::Node"), "");
  EXPECT_NE(mistake("ns3::WifiMacQueue::MaxSize", "many"), "");
  EXPECT_NE(mistake("ns3::Node::Id", 3), "");
}

TEST(Attributes, WhatAParameterSetsIsSetThere) {
  EXPECT_TRUE(says(mistake("ns3::WifiMac::FrameRetryLimit", 3), "/network/frame_retry_limit"));
}

std::string default_of(const std::string& class_name, const std::string& name) {
  ns3::TypeId::AttributeInformation information;
  ns3::TypeId::LookupByName(class_name).LookupAttributeByName(name, &information);
  return information.initialValue->SerializeToString(information.checker);
}

TEST(Attributes, DefaultsHoldAsLongAsTheNetworkAndNoLonger) {
  const auto before = default_of("ns3::TcpSocket", "SegmentSize");
  {
    Records records;
    auto network = make_network(R"({"type": "wifi", "ns3_attributes": {"ns3::TcpSocket::SegmentSize": 700}})",
                                1, 1, records);
    EXPECT_EQ(default_of("ns3::TcpSocket", "SegmentSize"), "700");
  }
  EXPECT_EQ(default_of("ns3::TcpSocket", "SegmentSize"), before);
}

TEST(Attributes, TheyReachTheModels) {
  const auto end_of = [](const std::string& attributes) {
    Records records;
    Traffic traffic{.workers = 2, .rounds = 1, .up = {60'000}, .down = {100}, .control = 0};
    return run_traffic(R"({"type": "wifi", "ns3_attributes": )" + attributes + "}", 1, traffic, records);
  };
  const SimTime usual = end_of("{}");
  EXPECT_GT(end_of(R"({"ns3::TcpSocket::SegmentSize": 300})"), usual);
  EXPECT_GT(end_of(R"({"ns3::WifiPhy::PostReceptionErrorModel":
                       "ns3::RateErrorModel[ErrorRate=0.02|ErrorUnit=ERROR_UNIT_PACKET]"})"),
            usual);
}

}  // namespace
}  // namespace telegrad
