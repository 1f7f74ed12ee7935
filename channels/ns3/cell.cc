#include "channels/ns3/cell.h"

#include "ns3/boolean.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-address-helper.h"
#include "ns3/mobility-helper.h"
#include "ns3/position-allocator.h"
#include "ns3/ssid.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"
#include "ns3/wifi-helper.h"
#include "ns3/wifi-mac-queue.h"
#include "ns3/wifi-mac.h"
#include "ns3/wifi-mode.h"
#include "ns3/wifi-mpdu.h"
#include "ns3/wifi-net-device.h"
#include "ns3/wifi-phy.h"
#include "ns3/wifi-psdu.h"
#include "ns3/yans-wifi-helper.h"

namespace telegrad::channels {

namespace {

constexpr std::int64_t kChannelStreams = 1;
constexpr std::int64_t kDeviceStreams = 1'000;
constexpr std::int64_t kInternetStreams = 1'000'000;

ns3::WifiStandard standard_name(WifiStandard standard) {
  if (standard == WifiStandard::n) return ns3::WIFI_STANDARD_80211n;
  if (standard == WifiStandard::ac) return ns3::WIFI_STANDARD_80211ac;
  return standard == WifiStandard::ax ? ns3::WIFI_STANDARD_80211ax : ns3::WIFI_STANDARD_80211be;
}

const char* manager_name(RateControl control) {
  if (control == RateControl::constant) return "ns3::ConstantRateWifiManager";
  return control == RateControl::ideal ? "ns3::IdealWifiManager" : "ns3::ThompsonSamplingWifiManager";
}

void count_frames(std::uint64_t* bytes, std::uint64_t* retransmitted, ns3::WifiConstPsduMap frames,
                  ns3::WifiTxVector, double) {
  for (const auto& [station, frame] : frames) {
    *bytes += frame->GetSize();
    for (const auto& part : *frame) {
      if (part->GetHeader().IsRetry()) *retransmitted += part->GetSize();
    }
  }
}

}  // namespace

Cell::Cell(const WifiSettings& settings, Session& session)
    : session_(session),
      positions_(settings.stations), hub_{static_cast<std::uint32_t>(settings.stations.size())},
      mode_(settings.mode) {
  build_nodes(settings);
  build_devices(settings);
  build_internet();
  for (std::uint32_t id = 0; id <= hub_.value; ++id) count_bytes(NodeId{id});
}

Cell::~Cell() = default;

void Cell::build_nodes(const WifiSettings& settings) {
  nodes_.Create(hub_.value + 1);
  auto positions = ns3::CreateObject<ns3::ListPositionAllocator>();
  for (const auto& position : settings.stations) positions->Add(ns3::Vector(position.x, position.y, 0));
  positions->Add(ns3::Vector(0, 0, 0));
  ns3::MobilityHelper mobility;
  mobility.SetPositionAllocator(positions);
  mobility.Install(nodes_);
}

void Cell::build_devices(const WifiSettings& settings) {
  ns3::YansWifiChannelHelper channel;
  channel.SetPropagationDelay("ns3::ConstantSpeedPropagationDelayModel");
  channel.AddPropagationLoss("ns3::LogDistancePropagationLossModel");
  if (settings.nakagami_m) channel.AddPropagationLoss("ns3::NakagamiPropagationLossModel");
  auto medium = channel.Create();
  channel.AssignStreams(medium, kChannelStreams);
  ns3::YansWifiPhyHelper phy;
  phy.SetChannel(medium);
  phy.Set("ChannelSettings", ns3::StringValue(channel_text(settings.radio)));

  ns3::WifiHelper wifi;
  wifi.SetStandard(standard_name(settings.radio.standard));
  wifi.SetRemoteStationManager(manager_name(settings.rate.control));
  ns3::WifiMacHelper mac;
  const ns3::Ssid name("telegrad");
  for (std::uint32_t id = 0; id <= hub_.value; ++id) {
    const bool hub = NodeId{id} == hub_;
    if (mode_ == CellMode::ad_hoc) {
      mac.SetType("ns3::AdhocWifiMac", "Ssid", ns3::SsidValue(name));
    } else {
      mac.SetType(hub ? "ns3::ApWifiMac" : "ns3::StaWifiMac", "Ssid", ns3::SsidValue(name));
    }
    devices_.Add(wifi.Install(phy, mac, nodes_.Get(id)));
  }
  ns3::WifiHelper::AssignStreams(devices_, kDeviceStreams);
}

void Cell::build_internet() {
  ns3::InternetStackHelper internet;
  internet.SetIpv6StackInstall(false);
  internet.Install(nodes_);
  internet.AssignStreams(nodes_, kInternetStreams);
  ns3::Ipv4AddressHelper helper("10.1.0.0", "255.255.0.0");
  auto interfaces = helper.Assign(devices_);
  broadcast_address_ = interfaces.GetAddress(0).GetSubnetDirectedBroadcast("255.255.0.0");
  for (std::uint32_t id = 0; id <= hub_.value; ++id) {
    addresses_.push_back(interfaces.GetAddress(id));
    by_address_[addresses_.back().Get()] = NodeId{id};
  }
}

void Cell::count_bytes(NodeId id) {
  auto phy = ns3::DynamicCast<ns3::WifiNetDevice>(devices_.Get(id.value))->GetPhy();
  auto* bytes = id == hub_ ? &on_air_.down : &on_air_.up;
  auto* retransmitted = id == hub_ ? &on_air_.retransmitted_down : &on_air_.retransmitted_up;
  phy->TraceConnectWithoutContext("PhyTxPsduBegin",
                                  ns3::MakeBoundCallback(&count_frames, bytes, retransmitted));
}

void Cell::limit_retries(const WifiSettings& settings) {
  for (std::uint32_t id = 0; id <= hub_.value; ++id) {
    auto layer = mac(NodeId{id});
    layer->SetAttribute("FrameRetryLimit",
                        ns3::UintegerValue(static_cast<std::uint64_t>(settings.frame_retry_limit)));
    layer->GetWifiRemoteStationManager()->SetAttribute(
        "IncrementRetryCountUnderBa", ns3::BooleanValue(settings.retry_count_under_block_ack));
  }
}

void Cell::set_broadcast_rate(const std::string& mode) {
  mac(hub_)->GetWifiRemoteStationManager()->SetAttribute("NonUnicastMode",
                                                         ns3::WifiModeValue(ns3::WifiMode(mode)));
}

ns3::Ptr<ns3::Node> Cell::node(NodeId id) const { return nodes_.Get(id.value); }

ns3::Ptr<ns3::NetDevice> Cell::device(NodeId id) const { return devices_.Get(id.value); }

ns3::Ipv4Address Cell::address(NodeId id) const { return addresses_.at(id.value); }

NodeId Cell::node_at(ns3::Ipv4Address address) const { return by_address_.at(address.Get()); }

ns3::Ptr<ns3::WifiMac> Cell::mac(NodeId id) const {
  return ns3::DynamicCast<ns3::WifiNetDevice>(devices_.Get(id.value))->GetMac();
}

ns3::Ptr<ns3::WifiMacQueue> Cell::queue(NodeId id) const { return mac(id)->GetTxopQueue(ns3::AC_BE); }

}  // namespace telegrad::channels
