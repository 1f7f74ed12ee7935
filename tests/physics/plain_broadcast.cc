#include "tests/physics/plain_broadcast.h"

#include "ns3/config.h"
#include "ns3/data-rate.h"
#include "ns3/double.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-address-generator.h"
#include "ns3/ipv4-address-helper.h"
#include "ns3/mac48-address.h"
#include "ns3/mobility-helper.h"
#include "ns3/node-container.h"
#include "ns3/on-off-helper.h"
#include "ns3/packet-sink-helper.h"
#include "ns3/packet-sink.h"
#include "ns3/position-allocator.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/simulator.h"
#include "ns3/ssid.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"
#include "ns3/wifi-helper.h"
#include "ns3/yans-wifi-helper.h"

namespace telegrad::physics {

std::vector<double> run_plain_broadcast(const PlainBroadcast& setting) {
  ns3::RngSeedManager::SetSeed(setting.seed);
  ns3::RngSeedManager::SetRun(1);
  ns3::RngSeedManager::ResetNextStreamIndex();
  ns3::Mac48Address::ResetAllocationIndex();
  ns3::Ipv4AddressGenerator::Reset();
  ns3::Config::SetDefault("ns3::HeConfiguration::GuardInterval", ns3::TimeValue(ns3::NanoSeconds(800)));
  for (const char* m : {"m0", "m1", "m2"}) {
    ns3::Config::SetDefault(std::string("ns3::NakagamiPropagationLossModel::") + m, ns3::DoubleValue(1));
  }

  ns3::NodeContainer stations;
  ns3::NodeContainer access_point;
  stations.Create(static_cast<std::uint32_t>(setting.distances_m.size()));
  access_point.Create(1);
  auto positions = ns3::CreateObject<ns3::ListPositionAllocator>();
  for (const double distance : setting.distances_m) positions->Add(ns3::Vector(distance, 0, 0));
  positions->Add(ns3::Vector(0, 0, 0));
  ns3::MobilityHelper mobility;
  mobility.SetPositionAllocator(positions);
  mobility.Install(ns3::NodeContainer(stations, access_point));

  ns3::YansWifiChannelHelper channel;
  channel.SetPropagationDelay("ns3::ConstantSpeedPropagationDelayModel");
  channel.AddPropagationLoss("ns3::LogDistancePropagationLossModel");
  channel.AddPropagationLoss("ns3::NakagamiPropagationLossModel");
  ns3::YansWifiPhyHelper phy;
  phy.SetChannel(channel.Create());
  phy.Set("ChannelSettings", ns3::StringValue("{0, 20, BAND_5GHZ, 0}"));
  ns3::WifiHelper wifi;
  wifi.SetStandard(ns3::WIFI_STANDARD_80211ax);
  wifi.SetRemoteStationManager("ns3::ConstantRateWifiManager", "DataMode", ns3::StringValue("HeMcs4"),
                               "NonUnicastMode", ns3::StringValue(setting.mode));
  ns3::WifiMacHelper mac;
  mac.SetType("ns3::StaWifiMac", "Ssid", ns3::SsidValue(ns3::Ssid("plain")));
  ns3::NetDeviceContainer devices = wifi.Install(phy, mac, stations);
  mac.SetType("ns3::ApWifiMac", "Ssid", ns3::SsidValue(ns3::Ssid("plain")));
  devices.Add(wifi.Install(phy, mac, access_point));

  ns3::InternetStackHelper internet;
  internet.Install(ns3::NodeContainer(stations, access_point));
  ns3::Ipv4AddressHelper addresses("10.1.0.0", "255.255.0.0");
  addresses.Assign(devices);

  constexpr std::uint16_t kPort = 9000;
  const ns3::Ipv4Address everybody("10.1.255.255");
  ns3::PacketSinkHelper sink("ns3::UdpSocketFactory",
                             ns3::InetSocketAddress(ns3::Ipv4Address::GetAny(), kPort));
  auto sinks = sink.Install(stations);
  ns3::OnOffHelper source("ns3::UdpSocketFactory", ns3::InetSocketAddress(everybody, kPort));
  source.SetConstantRate(ns3::DataRate("4Mbps"), setting.bytes);
  source.SetAttribute("MaxBytes", ns3::UintegerValue(std::uint64_t{setting.bytes} * setting.datagrams));
  source.Install(access_point).Start(ns3::Seconds(3));
  ns3::Simulator::Stop(ns3::Seconds(60));
  ns3::Simulator::Run();
  std::vector<double> lost;
  for (std::uint32_t i = 0; i < sinks.GetN(); ++i) {
    const auto bytes = ns3::DynamicCast<ns3::PacketSink>(sinks.Get(i))->GetTotalRx();
    lost.push_back(1 - static_cast<double>(bytes) / (double{1} * setting.bytes * setting.datagrams));
  }
  ns3::Simulator::Destroy();
  ns3::Config::Reset();
  return lost;
}

}  // namespace telegrad::physics
