#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include "channels/ns3/hosts.h"
#include "channels/ns3/session.h"
#include "channels/ns3/settings.h"
#include "ns3/ipv4-address.h"
#include "ns3/net-device-container.h"
#include "ns3/node-container.h"
#include "ns3/ptr.h"
#include "sim/core/observer.h"
#include "sim/core/types.h"

namespace ns3 {
class StaWifiMac;
class WifiMac;
class WifiMacQueue;
}  // namespace ns3

namespace telegrad::channels {

/// The radio part of the Wi-Fi network: nodes, devices, addresses, and who has associated. The attribute
/// defaults of the settings must be in force as long as it lives.
class Cell final : public Hosts {
 public:
  Cell(const WifiSettings& settings, Session& session);
  ~Cell() override;
  Cell(const Cell&) = delete;
  Cell& operator=(const Cell&) = delete;

  /// Calls `done` in an event of its own once all stations are associated; in ad hoc mode there is nothing to wait for. When for ten simulated seconds no
  /// further station has been, the session fails with RunError(unreachable) that names those missing.
  void associate(std::function<void()> done);

  /// From now on frames are given up as the settings say. Before, they hardly ever are.
  void limit_retries(const WifiSettings& settings);

  /// From now on the server sends what is for all stations at this rate. Beacons too, hence not before all have joined.
  void set_broadcast_rate(const std::string& mode);

  /// Lets both know the other's hardware address for good: no address resolution on the air.
  void acquaint(NodeId a, NodeId b) override;

  NodeId hub() const override { return hub_; }
  ns3::Ptr<ns3::Node> node(NodeId id) const override;
  ns3::Ptr<ns3::NetDevice> device(NodeId id) const;
  ns3::Ipv4Address address(NodeId id) const override;
  NodeId node_at(ns3::Ipv4Address address) const override;
  ns3::Ipv4Address broadcast_address() const { return broadcast_address_; }
  /// Where a node's frames wait for the medium and, under block acknowledgement, for their fate.
  ns3::Ptr<ns3::WifiMacQueue> queue(NodeId id) const;

  /// "workers 3 (51.2 m away), 5 (60.1 m away)", for error messages.
  std::string names(const std::vector<NodeId>& stations) const;

  const OnAir& on_air() const { return on_air_; }
  void reset_on_air() { on_air_ = {}; }

 private:
  void build_nodes(const WifiSettings& settings);
  void build_devices(const WifiSettings& settings);
  void build_internet();
  void count_bytes(NodeId id);
  void look_for_stations();
  void remember(NodeId at, NodeId other);
  std::vector<NodeId> missing_stations() const;
  ns3::Ptr<ns3::WifiMac> mac(NodeId id) const;
  ns3::Ptr<ns3::StaWifiMac> station(NodeId id) const;

  Session& session_;
  const std::vector<Position> positions_;
  const NodeId hub_;
  const CellMode mode_;
  ns3::NodeContainer nodes_;
  ns3::NetDeviceContainer devices_;
  std::vector<ns3::Ipv4Address> addresses_;
  ns3::Ipv4Address broadcast_address_;
  std::unordered_map<std::uint32_t, NodeId> by_address_;
  std::function<void()> associated_;
  std::size_t most_associated_ = 0;
  SimTime last_association_{};
  OnAir on_air_;
};

}  // namespace telegrad::channels
