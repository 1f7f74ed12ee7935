// How the cell's stations join it, and what neighbours know of each other.

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "channels/ns3/cell.h"
#include "ns3/arp-cache.h"
#include "ns3/ipv4-interface.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/simulator.h"
#include "ns3/sta-wifi-mac.h"
#include "sim/core/errors.h"

namespace telegrad::channels {

namespace {

constexpr SimTime kPatience = std::chrono::seconds(10);
const auto kLook = ns3::MilliSeconds(1);

SimTime clock_now() { return SimTime{ns3::Simulator::Now().GetNanoSeconds()}; }

}  // namespace

void Cell::associate(std::function<void()> done) {
  associated_ = std::move(done);
  last_association_ = clock_now();
  ns3::Simulator::Schedule(kLook, &Cell::look_for_stations, this);
}

void Cell::look_for_stations() {
  session_.guard([this] {
    const auto missing = missing_stations();
    if (missing.empty()) return associated_();
    const std::size_t associated = hub_.value - missing.size();
    if (associated > most_associated_) {
      most_associated_ = associated;
      last_association_ = clock_now();
    }
    if (clock_now() - last_association_ > kPatience) {
      throw RunError(Failure::unreachable, "not associated with the access point after " +
                                               std::to_string(kPatience / std::chrono::seconds(1)) +
                                               " s without progress: " + names(missing));
    }
    ns3::Simulator::Schedule(kLook, &Cell::look_for_stations, this);
  });
}

std::vector<NodeId> Cell::missing_stations() const {
  std::vector<NodeId> missing;
  if (mode_ == CellMode::ad_hoc) return missing;
  for (std::uint32_t id = 0; id < hub_.value; ++id) {
    if (!station(NodeId{id})->IsAssociated()) missing.push_back(NodeId{id});
  }
  return missing;
}

std::string Cell::names(const std::vector<NodeId>& stations) const {
  constexpr std::size_t kNamed = 8;
  std::string text = stations.size() == 1 ? "worker " : "workers ";
  for (std::size_t i = 0; i < std::min(kNamed, stations.size()); ++i) {
    const auto& position = positions_[stations[i].value];
    char name[64];
    const double distance = std::hypot(position.x, position.y);
    std::snprintf(name, sizeof name, "%s%u (%.1f m away)", i == 0 ? "" : ", ", stations[i].value, distance);
    text += name;
  }
  if (stations.size() > kNamed) text += " and " + std::to_string(stations.size() - kNamed) + " more";
  return text;
}

ns3::Ptr<ns3::StaWifiMac> Cell::station(NodeId id) const {
  return ns3::DynamicCast<ns3::StaWifiMac>(mac(id));
}

void Cell::acquaint(NodeId a, NodeId b) {
  remember(a, b);
  remember(b, a);
}

void Cell::remember(NodeId at, NodeId other) {
  auto device = devices_.Get(at.value);
  auto internet = nodes_.Get(at.value)->GetObject<ns3::Ipv4L3Protocol>();
  auto cache = internet->GetInterface(internet->GetInterfaceForDevice(device))->GetArpCache();
  auto* entry = cache->Lookup(address(other));
  if (entry == nullptr) entry = cache->Add(address(other));
  entry->SetMacAddress(devices_.Get(other.value)->GetAddress());
  entry->MarkPermanent();
}

}  // namespace telegrad::channels
