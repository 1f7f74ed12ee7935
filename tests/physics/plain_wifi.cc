#include "tests/physics/plain_wifi.h"

#include <cmath>
#include <functional>
#include <numbers>
#include <stdexcept>

#include "ns3/boolean.h"
#include "ns3/bulk-send-helper.h"
#include "ns3/config.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-address-generator.h"
#include "ns3/ipv4-address-helper.h"
#include "ns3/mac48-address.h"
#include "ns3/mobility-helper.h"
#include "ns3/neighbor-cache-helper.h"
#include "ns3/node-container.h"
#include "ns3/packet-sink-helper.h"
#include "ns3/packet-sink.h"
#include "ns3/packet.h"
#include "ns3/position-allocator.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/simulator.h"
#include "ns3/ssid.h"
#include "ns3/sta-wifi-mac.h"
#include "ns3/string.h"
#include "ns3/traffic-control-helper.h"
#include "ns3/uinteger.h"
#include "ns3/wifi-helper.h"
#include "ns3/wifi-net-device.h"
#include "ns3/yans-wifi-helper.h"

namespace telegrad::physics {

namespace {

void set_defaults() {
  using ns3::Config::SetDefault;
  SetDefault("ns3::TcpSocket::SegmentSize", ns3::UintegerValue(1448));
  SetDefault("ns3::TcpSocket::SndBufSize", ns3::UintegerValue(1 << 20));
  SetDefault("ns3::TcpSocket::RcvBufSize", ns3::UintegerValue(1 << 20));
  SetDefault("ns3::TcpSocketBase::MinRto", ns3::TimeValue(ns3::MilliSeconds(200)));
  SetDefault("ns3::TcpSocket::DelAckTimeout", ns3::TimeValue(ns3::MilliSeconds(40)));
  SetDefault("ns3::WifiMacQueue::MaxDelay", ns3::TimeValue(ns3::Seconds(60)));
  SetDefault("ns3::HeConfiguration::GuardInterval",
             ns3::TimeValue(ns3::NanoSeconds(800)));  // its own default: 3200
  SetDefault("ns3::StaWifiMac::MaxMissedBeacons", ns3::UintegerValue(1000));
}

/// Counts what reaches the sinks of one direction and says when the last one is complete.
struct Leg {
  std::uint64_t expected = 0;  // per station
  std::vector<std::uint64_t> received;
  std::vector<double> finished_s;
  ns3::Time begin;
  std::size_t open = 0;
  std::function<void()> done;

  void arrived(std::size_t station, std::uint32_t bytes) {
    received[station] += bytes;
    if (received[station] != expected) return;
    finished_s[station] = (ns3::Simulator::Now() - begin).GetSeconds();
    if (--open == 0) done();
  }
};

void sink_received(Leg* leg, std::size_t station, ns3::Ptr<const ns3::Packet> packet, const ns3::Address&) {
  leg->arrived(station, packet->GetSize());
}

void start_flow(Leg& leg, std::size_t station, ns3::Ptr<ns3::Node> from, ns3::Ptr<ns3::Node> to,
                ns3::Ipv4Address address, std::uint16_t port) {
  ns3::PacketSinkHelper sink("ns3::TcpSocketFactory", ns3::InetSocketAddress(address, port));
  auto sinks = sink.Install(to);
  sinks.Get(0)->TraceConnectWithoutContext("Rx", ns3::MakeBoundCallback(&sink_received, &leg, station));
  ns3::BulkSendHelper source("ns3::TcpSocketFactory", ns3::InetSocketAddress(address, port));
  source.SetAttribute("MaxBytes", ns3::UintegerValue(leg.expected));
  source.SetAttribute("SendSize", ns3::UintegerValue(1448));
  source.Install(from);
}

}  // namespace

PlainTimes run_plain_wifi(const PlainWifi& setting) {
  set_defaults();
  ns3::RngSeedManager::SetSeed(setting.seed);
  ns3::RngSeedManager::SetRun(1);
  ns3::RngSeedManager::ResetNextStreamIndex();
  ns3::Mac48Address::ResetAllocationIndex();
  ns3::Ipv4AddressGenerator::Reset();

  ns3::NodeContainer stations;
  ns3::NodeContainer access_point;
  stations.Create(setting.stations);
  access_point.Create(1);
  ns3::NodeContainer nodes(stations, access_point);

  auto positions = ns3::CreateObject<ns3::ListPositionAllocator>();
  for (std::uint32_t i = 0; i < setting.stations; ++i) {
    const double angle = 2 * std::numbers::pi * i / setting.stations;
    positions->Add(ns3::Vector(setting.radius_m * std::cos(angle), setting.radius_m * std::sin(angle), 0));
  }
  positions->Add(ns3::Vector(0, 0, 0));
  ns3::MobilityHelper mobility;
  mobility.SetPositionAllocator(positions);
  mobility.Install(nodes);

  ns3::YansWifiChannelHelper channel;
  channel.SetPropagationDelay("ns3::ConstantSpeedPropagationDelayModel");
  channel.AddPropagationLoss("ns3::LogDistancePropagationLossModel");
  ns3::YansWifiPhyHelper phy;
  phy.SetChannel(channel.Create());
  phy.Set("ChannelSettings", ns3::StringValue("{0, 20, BAND_5GHZ, 0}"));
  ns3::WifiHelper wifi;
  wifi.SetStandard(setting.be ? ns3::WIFI_STANDARD_80211be : ns3::WIFI_STANDARD_80211ax);
  wifi.SetRemoteStationManager("ns3::ConstantRateWifiManager", "DataMode",
                               ns3::StringValue(setting.be ? "EhtMcs7" : "HeMcs7"), "ControlMode",
                               ns3::StringValue("OfdmRate6Mbps"));
  ns3::WifiMacHelper mac;
  const ns3::Ssid ssid("plain");
  mac.SetType("ns3::StaWifiMac", "Ssid", ns3::SsidValue(ssid));
  auto station_devices = wifi.Install(phy, mac, stations);
  mac.SetType("ns3::ApWifiMac", "Ssid", ns3::SsidValue(ssid));
  auto access_point_device = wifi.Install(phy, mac, access_point);
  ns3::NetDeviceContainer devices(station_devices, access_point_device);
  ns3::WifiHelper::AssignStreams(devices, 1000);

  ns3::InternetStackHelper internet;
  internet.Install(nodes);
  internet.AssignStreams(nodes, 100000);
  ns3::Ipv4AddressHelper addresses("10.1.0.0", "255.255.0.0");
  auto interfaces = addresses.Assign(devices);

  if (setting.shaped_mbps > 0) {
    const auto bits_per_s = static_cast<std::uint64_t>(setting.shaped_mbps * 1e6);
    ns3::TrafficControlHelper shaping;
    shaping.SetRootQueueDisc("ns3::TbfQueueDisc", "Rate", ns3::DataRateValue(ns3::DataRate(bits_per_s)),
                             "Burst", ns3::UintegerValue(5000));
    shaping.Uninstall(station_devices);
    shaping.Install(station_devices);
  }

  Leg up;
  Leg down;
  for (auto* leg : {&up, &down}) {
    leg->expected = leg == &up ? setting.up_bytes : setting.down_bytes;
    leg->received.assign(setting.stations, 0);
    leg->finished_s.assign(setting.stations, 0);
    leg->open = setting.stations;
  }
  const auto hub = access_point.Get(0);
  const auto begin_down = [&] {
    down.begin = ns3::Simulator::Now();
    for (std::uint32_t i = 0; i < setting.stations; ++i) {
      start_flow(down, i, hub, stations.Get(i), interfaces.GetAddress(i), 6000);
    }
  };
  up.done = [&] {
    if (setting.down_bytes == 0) return ns3::Simulator::Stop();
    ns3::Simulator::ScheduleNow(begin_down);
  };
  down.done = [] { ns3::Simulator::Stop(); };
  // Associations are over long before: the ARP caches would be flushed by one that comes later.
  const auto begin_up = [&] {
    for (std::uint32_t i = 0; i < setting.stations; ++i) {
      auto device = ns3::DynamicCast<ns3::WifiNetDevice>(station_devices.Get(i));
      if (!ns3::DynamicCast<ns3::StaWifiMac>(device->GetMac())->IsAssociated()) {
        throw std::runtime_error("a station of the plain program has not associated");
      }
    }
    ns3::NeighborCacheHelper().PopulateNeighborCache();
    up.begin = ns3::Simulator::Now();
    for (std::uint32_t i = 0; i < setting.stations; ++i) {
      start_flow(up, i, stations.Get(i), hub, interfaces.GetAddress(setting.stations),
                 static_cast<std::uint16_t>(5000 + i));
    }
  };
  ns3::Simulator::Schedule(ns3::Seconds(3), begin_up);
  ns3::Simulator::Stop(ns3::Seconds(3600));
  ns3::Simulator::Run();
  PlainTimes times{up.finished_s, {}, ns3::Simulator::GetEventCount()};
  if (setting.down_bytes > 0) times.down_s = down.finished_s;
  ns3::Simulator::Destroy();
  ns3::Config::Reset();
  return times;
}

}  // namespace telegrad::physics
