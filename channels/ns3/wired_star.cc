#include "channels/ns3/wired_star.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "channels/ns3/tcp.h"
#include "ns3/data-rate.h"
#include "ns3/error-model.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-address-helper.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/nstime.h"
#include "ns3/point-to-point-helper.h"
#include "ns3/queue-size.h"

namespace telegrad::channels {

namespace {

constexpr std::int64_t kErrorStreams = 1'000;
constexpr std::int64_t kInternetStreams = 1'000'000;
constexpr double kLeastWindow = 1 << 20;
constexpr double kLargestWindow = 1 << 28;

/// Twice what fits on the way from one worker to another and back, so that a lone connection fills its links.
std::string window(const WiredSettings& settings) {
  const double in_flight = settings.rate_mbps * 1e6 / 8 * 4 * seconds(settings.delay);
  return std::to_string(static_cast<std::uint64_t>(std::clamp(2 * in_flight, kLeastWindow, kLargestWindow)));
}

void count_packet(std::uint64_t* bytes, ns3::Ptr<const ns3::Packet> packet) { *bytes += packet->GetSize(); }

}  // namespace

const OwnedAttributes& owned_wired_attributes() {
  static const OwnedAttributes owned{
      {"ns3::PointToPointNetDevice::DataRate", "/network/rate_mbps"},
      {"ns3::PointToPointChannel::Delay", "/network/delay_ms"},
      {"ns3::RateErrorModel::ErrorRate", "/network/packet_error_rate"},
      {"ns3::RateErrorModel::ErrorUnit", "/network/packet_error_rate"},
      {"ns3::DropTailQueue<Packet>::MaxSize", "/network/queue_packets"},
  };
  return owned;
}

AttributeTexts wired_attributes(const WiredSettings& settings) {
  AttributeTexts texts = tcp_attributes();
  texts.emplace_back("ns3::TcpSocket::SndBufSize", window(settings));
  texts.emplace_back("ns3::TcpSocket::RcvBufSize", window(settings));
  texts.insert(texts.end(), settings.attributes.begin(), settings.attributes.end());
  return texts;
}

WiredStar::WiredStar(const WiredSettings& settings) : hub_{settings.workers}, next_stream_(kErrorStreams) {
  nodes_.Create(hub_.value + 1);
  ns3::InternetStackHelper internet;
  internet.SetIpv6StackInstall(false);
  internet.Install(nodes_);
  internet.AssignStreams(nodes_, kInternetStreams);
  for (std::uint32_t worker = 0; worker < hub_.value; ++worker) link(worker, settings);
  // By any of its addresses the server is reached on the link at hand.
  addresses_.push_back(ns3::Ipv4Address(addresses_.front().Get() + 1));
}

void WiredStar::link(std::uint32_t worker, const WiredSettings& settings) {
  ns3::PointToPointHelper helper;
  helper.DisableFlowControl();  // no traffic control before the device: its own queue drops what is too much
  const auto bits_per_s = static_cast<std::uint64_t>(std::llround(settings.rate_mbps * 1e6));
  helper.SetDeviceAttribute("DataRate", ns3::DataRateValue(ns3::DataRate(bits_per_s)));
  helper.SetChannelAttribute("Delay", ns3::TimeValue(ns3::NanoSeconds(settings.delay.count())));
  const ns3::QueueSize room(ns3::QueueSizeUnit::PACKETS, settings.queue_packets);
  helper.SetQueue("ns3::DropTailQueue<Packet>", "MaxSize", ns3::QueueSizeValue(room));
  const auto ends = helper.Install(nodes_.Get(worker), nodes_.Get(hub_.value));

  // Networks of four addresses: 10.0.0.0, worker, server, broadcast.
  const ns3::Ipv4Address network((10u << 24) + 4 * worker);
  ns3::Ipv4AddressHelper helper_of_addresses(network, "255.255.255.252");
  const auto interfaces = helper_of_addresses.Assign(ends);
  addresses_.push_back(interfaces.GetAddress(0));
  by_address_[interfaces.GetAddress(0).Get()] = NodeId{worker};
  by_address_[interfaces.GetAddress(1).Get()] = hub_;
  const auto [internet, interface] = interfaces.Get(0);
  ns3::Ipv4StaticRoutingHelper().GetStaticRouting(internet)->SetDefaultRoute(interfaces.GetAddress(1),
                                                                             interface);

  watch(ns3::DynamicCast<ns3::PointToPointNetDevice>(ends.Get(0)), &on_wire_.up, settings.packet_error_rate);
  watch(ns3::DynamicCast<ns3::PointToPointNetDevice>(ends.Get(1)), &on_wire_.down,
        settings.packet_error_rate);
}

void WiredStar::watch(ns3::Ptr<ns3::PointToPointNetDevice> device, std::uint64_t* bytes,
                      double packet_error_rate) {
  device->TraceConnectWithoutContext("PhyTxBegin", ns3::MakeBoundCallback(&count_packet, bytes));
  if (packet_error_rate <= 0) return;
  auto errors = ns3::CreateObject<ns3::RateErrorModel>();
  errors->SetUnit(ns3::RateErrorModel::ERROR_UNIT_PACKET);
  errors->SetRate(packet_error_rate);
  next_stream_ += errors->AssignStreams(next_stream_);
  device->SetReceiveErrorModel(errors);
}

}  // namespace telegrad::channels
