#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "channels/ns3/attributes.h"
#include "channels/ns3/hosts.h"
#include "channels/ns3/output_settings.h"
#include "ns3/node-container.h"
#include "ns3/point-to-point-net-device.h"
#include "sim/core/observer.h"

namespace telegrad::channels {

/// Links between the server in the middle, node N, and workers 0 to N - 1.
struct WiredSettings {
  std::uint32_t workers = 1;
  double rate_mbps = 1000;             // of each link, each way
  SimTime delay{};                     // of each link, one way
  double packet_error_rate = 0;        // of each link, each way
  std::uint32_t queue_packets = 1000;  // before each end of a link
  OutputSettings outputs;
  AttributeTexts attributes;  // the user's, checked; they win over ours
  std::uint64_t seed = 1;
};

/// Attributes that parameters of the scenario set, and what to set instead.
const OwnedAttributes& owned_wired_attributes();

/// All defaults that the star changes, in order: ours, those of the settings, the user's.
AttributeTexts wired_attributes(const WiredSettings& settings);

/// Full-duplex point-to-point links, each a network of its own. What workers send each other, the server's node passes
/// on.
class WiredStar final : public Hosts {
 public:
  explicit WiredStar(const WiredSettings& settings);

  NodeId hub() const override { return hub_; }
  ns3::Ptr<ns3::Node> node(NodeId id) const override { return nodes_.Get(id.value); }
  ns3::Ipv4Address address(NodeId id) const override { return addresses_.at(id.value); }
  NodeId node_at(ns3::Ipv4Address address) const override { return by_address_.at(address.Get()); }

  const OnAir& on_wire() const { return on_wire_; }
  void reset_on_wire() { on_wire_ = {}; }

 private:
  void link(std::uint32_t worker, const WiredSettings& settings);
  void watch(ns3::Ptr<ns3::PointToPointNetDevice> device, std::uint64_t* bytes, double packet_error_rate);

  const NodeId hub_;
  ns3::NodeContainer nodes_;
  std::vector<ns3::Ipv4Address> addresses_;
  std::unordered_map<std::uint32_t, NodeId> by_address_;
  std::int64_t next_stream_;
  OnAir on_wire_;
};

}  // namespace telegrad::channels
