#pragma once

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "channels/ns3/attributes.h"
#include "channels/ns3/outputs.h"
#include "channels/ns3/session.h"
#include "channels/ns3/transport.h"
#include "sim/core/network.h"

namespace telegrad::channels {

/// What every network in ns-3 has in common: the clock, the events, and parcels on their way. Simulated time 0 is the
/// moment at which a network says `begin`; what ns-3 simulates before is not part of the run.
///
/// A network's destructor begins with drop(), and what it builds of ns-3 goes before the session here does.
class Ns3Network : public Network, protected Fates {
 public:
  std::uint32_t limit(NodeId from, NodeId to, Leg leg) const final;
  void expect_links(const std::vector<std::pair<NodeId, NodeId>>& links) final { links_ = links; }
  void set_output_folder(const std::filesystem::path& folder) final { outputs_.set_folder(folder); }
  /// Events of ns-3 so far, those before time 0 too: what a run costs.
  std::uint64_t events() const;

 protected:
  /// The defaults hold as long as the session lives.
  Ns3Network(Observer& observer, const AttributeTexts& defaults, std::uint64_t seed,
             const OutputSettings& outputs);

  virtual Transport& transport(Leg leg) const = 0;
  /// Makes all connections, in a running simulation, and calls begin().
  virtual void open() = 0;
  /// That are to be open at time 0.
  std::vector<std::pair<NodeId, NodeId>> links(NodeId hub) const;
  void begin();
  bool ready() const { return ready_; }
  Session& session() { return session_; }

  SimTime clock() const final;
  void prepare() final;
  void at(SimTime when, Slot slot) final;
  void transmit(Transmission what) final;
  void transmit_to_all(std::vector<Transmission> copies) final;
  void loop(SimTime horizon) final;
  void halt() final;

 private:
  void begun(std::uint64_t id) final { started(id); }
  void reached(std::uint64_t id) final { arrived(id); }
  void framed(std::uint64_t id, std::uint64_t bytes) final { charge_control(id, bytes); }
  void went_along(std::uint64_t id) final { overheard(id); }
  void closed(std::uint64_t id, const std::vector<bool>& lost, bool control_lost) final;

  void tick(Slot slot);

  AttributeDefaults defaults_;
  Session session_;
  Outputs outputs_;
  bool ready_ = false;
  SimTime zero_{};  // ns-3's clock at our time 0
  std::optional<std::vector<std::pair<NodeId, NodeId>>> links_;
  std::vector<std::vector<Transmission>> early_;
};

/// "the server" or "worker 3".
std::string name_of(NodeId node, NodeId hub);

}  // namespace telegrad::channels
