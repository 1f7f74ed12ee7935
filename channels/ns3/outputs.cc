#include "channels/ns3/outputs.h"

#include <fstream>
#include <string>

#include "channels/ns3/attributes.h"
#include "ns3/config-store.h"
#include "ns3/flow-monitor.h"
#include "ns3/node-list.h"
#include "ns3/node.h"
#include "ns3/point-to-point-helper.h"
#include "ns3/point-to-point-net-device.h"
#include "ns3/wifi-net-device.h"
#include "ns3/yans-wifi-helper.h"
#include "sim/core/errors.h"

namespace telegrad::channels {

namespace {

[[noreturn]] void unwritable(const std::filesystem::path& file) {
  throw RunError(
      Failure::storage,
      file.string() + ": cannot be written; free space there, or leave it out of " + "/network/outputs");
}

/// ns-3 ends the process where it cannot open a file: we try first.
void probe(const std::filesystem::path& file) {
  if (!std::ofstream(file)) unwritable(file);
}

void capture(ns3::Ptr<ns3::NetDevice> device, const std::filesystem::path& file) {
  probe(file);
  constexpr bool kPromiscuous = true;
  constexpr bool kThisName = true;
  if (ns3::DynamicCast<ns3::WifiNetDevice>(device)) {
    ns3::YansWifiPhyHelper helper;
    helper.SetPcapDataLinkType(ns3::WifiPhyHelper::DLT_IEEE802_11_RADIO);
    helper.EnablePcap(file.string(), device, kPromiscuous, kThisName);
  } else {
    ns3::PointToPointHelper().EnablePcap(file.string(), device, kPromiscuous, kThisName);
  }
}

/// "node-3.pcap"; a node with several devices has a file for each, "node-3-0.pcap".
void capture(ns3::Ptr<ns3::Node> node, const std::filesystem::path& folder) {
  std::vector<ns3::Ptr<ns3::NetDevice>> devices;
  for (std::uint32_t i = 0; i < node->GetNDevices(); ++i) {
    const auto device = node->GetDevice(i);
    const bool known =
        ns3::DynamicCast<ns3::WifiNetDevice>(device) || ns3::DynamicCast<ns3::PointToPointNetDevice>(device);
    if (known) devices.push_back(device);
  }
  for (std::size_t i = 0; i < devices.size(); ++i) {
    std::string name = "node-" + std::to_string(node->GetId());
    if (devices.size() > 1) name += "-" + std::to_string(i);
    capture(devices[i], folder / (name + ".pcap"));
  }
}

}  // namespace

Parameter outputs_parameter() {
  return object("outputs",
                {boolean("pcap", "what each node's device sends and hears, a file for each: ns3/node-I.pcap")
                     .otherwise(false),
                 boolean("flow_monitor", "FlowMonitor's statistics of each flow: ns3/flows.xml")
                     .otherwise(false),
                 boolean("attributes", "every attribute of ns-3 as it is in this run: ns3/attributes.txt")
                     .otherwise(false)},
                "ns-3's own outputs, in the folder of a run; they change nothing, and a sweep writes none")
      .otherwise_json("{}");
}

OutputSettings outputs_of(const Value& network) {
  const Value& outputs = network["outputs"];
  return {outputs["pcap"].boolean(), outputs["flow_monitor"].boolean(), outputs["attributes"].boolean()};
}

bool Outputs::wanted() const {
  return !folder_.empty() && (settings_.pcap || settings_.flow_monitor || settings_.attributes);
}

void Outputs::begin() {
  if (!wanted()) return;
  std::error_code error;
  std::filesystem::create_directories(folder_, error);
  if (error) unwritable(folder_);
  if (settings_.flow_monitor) {
    probe(folder_ / "flows.xml");
    monitor_ = flows_.InstallAll();
  }
  if (!settings_.pcap) return;
  for (std::uint32_t i = 0; i < ns3::NodeList::GetNNodes(); ++i) capture(ns3::NodeList::GetNode(i), folder_);
}

void Outputs::dump_attributes() const {
  if (!wanted() || !settings_.attributes) return;
  const auto file = folder_ / "attributes.txt";
  probe(file);
  // It looks at its attributes only while it is built.
  const AttributeDefaults how({{"ns3::ConfigStore::Mode", "Save"},
                               {"ns3::ConfigStore::FileFormat", "RawText"},
                               {"ns3::ConfigStore::Filename", file.string()}});
  ns3::ConfigStore store;
  store.ConfigureDefaults();
  store.ConfigureAttributes();
}

void Outputs::finish() {
  if (!monitor_) return;
  const auto file = folder_ / "flows.xml";
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  monitor_->CheckForLostPackets();
  monitor_->SerializeToXmlStream(out, 0, true, true);
  out.close();
  if (!out) unwritable(file);
}

}  // namespace telegrad::channels
