#pragma once

#include <memory>
#include <optional>

#include "channels/ns3/cell.h"
#include "channels/ns3/ns3_network.h"
#include "channels/ns3/shaping.h"
#include "channels/ns3/tcp.h"
#include "channels/ns3/tcp_mesh.h"

namespace telegrad::channels {

/// A Wi-Fi cell in ns-3. Simulated time 0 is the moment when every station is associated and connected.
class WifiNetwork final : public Ns3Network {
 public:
  WifiNetwork(const WifiSettings& settings, Observer& observer);
  ~WifiNetwork() override;

  std::optional<OnAir> on_air() const override { return cell_.on_air(); }
  NetworkFacts facts() const override;

 private:
  void open() override;
  Transport& transport(Leg leg) const override;
  void severed(NodeId from, NodeId to, const std::string& why) override;
  void connect();
  void connected();

  const WifiSettings settings_;
  Cell cell_;
  std::optional<Shaping> shaping_;
  TcpMesh mesh_;
  mutable TcpTransport repair_;
  std::unique_ptr<Transport> uplink_;
  std::unique_ptr<Transport> downlink_;  // null: as the uplink
};

}  // namespace telegrad::channels
