#pragma once

#include <functional>
#include <memory>
#include <set>
#include <vector>

#include "channels/ns3/cell.h"
#include "channels/ns3/datagram.h"
#include "channels/ns3/shaping.h"
#include "channels/ns3/tcp.h"
#include "channels/ns3/tcp_mesh.h"
#include "sim/core/network.h"

namespace telegrad::channels {

/// A Wi-Fi cell in ns-3. Simulated time 0 is the moment when every station is associated and connected; what
/// ns-3 simulates before is not part of the run.
class WifiNetwork final : public Network, private Fates {
 public:
  WifiNetwork(const WifiSettings& settings, Observer& observer);
  ~WifiNetwork() override;

  std::uint32_t limit(NodeId from, NodeId to) const override;
  std::optional<OnAir> on_air() const override { return cell_.on_air(); }
  NetworkFacts facts() const override;

  /// Events of ns-3 so far, those before time 0 too: what a run costs.
  std::uint64_t events() const;

 protected:
  SimTime clock() const override;
  void prepare() override;
  void at(SimTime when, Slot slot) override;
  void transmit(Transmission what) override;
  void loop(SimTime horizon) override;
  void halt() override;

 private:
  void begun(std::uint64_t id) override { started(id); }
  void reached(std::uint64_t id) override { arrived(id); }
  void framed(std::uint64_t id, std::uint64_t bytes) override { charge_control(id, bytes); }
  void closed(std::uint64_t id, const std::vector<bool>& lost, bool control_lost) override;
  void severed(NodeId from, NodeId to, const std::string& why) override;

  void tick(Slot slot);
  void connect();
  void begin();
  Transport& transport(NodeId from) const;

  const WifiSettings settings_;
  // In this order: defaults hold while anything of ns-3 lives, and all of ours goes before ns-3 does.
  AttributeDefaults defaults_;
  Session session_;
  Cell cell_;
  std::optional<Shaping> shaping_;
  TcpMesh mesh_;
  std::unique_ptr<Transport> uplink_;
  std::unique_ptr<Transport> downlink_;  // null: as the uplink
  bool ready_ = false;
  SimTime zero_{};  // ns-3's clock at our time 0
  std::vector<Transmission> early_;
};

}  // namespace telegrad::channels
