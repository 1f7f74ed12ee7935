#pragma once

#include <filesystem>

#include "channels/ns3/output_settings.h"
#include "ns3/flow-monitor-helper.h"
#include "sim/core/parameter.h"

namespace telegrad::channels {

/// What a scenario says of ns-3's own outputs: the object `outputs` of a network in ns-3.
Parameter outputs_parameter();
OutputSettings outputs_of(const Value& network);

/// Writes them: node-I.pcap for each node (the server is the last; Wi-Fi with radiotap headers), flows.xml of
/// FlowMonitor, and attributes.txt, ConfigStore's raw text of all defaults and of all objects as they are at time 0. They
/// watch and change nothing. The simulation must live as long; without a folder nothing is written.
class Outputs final {
 public:
  explicit Outputs(const OutputSettings& settings) : settings_(settings) {}

  void set_folder(const std::filesystem::path& folder) { folder_ = folder; }
  /// Once all nodes are there, before anything is simulated. Throws RunError(storage).
  void begin();
  /// At time 0. Throws RunError(storage).
  void dump_attributes() const;
  /// At the end. Throws RunError(storage).
  void finish();

 private:
  bool wanted() const;

  const OutputSettings settings_;
  std::filesystem::path folder_;
  ns3::FlowMonitorHelper flows_;
  ns3::Ptr<ns3::FlowMonitor> monitor_;
};

}  // namespace telegrad::channels
