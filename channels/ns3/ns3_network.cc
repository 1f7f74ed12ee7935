#include "channels/ns3/ns3_network.h"

#include <algorithm>
#include <utility>

#include "ns3/simulator.h"
#include "sim/core/errors.h"

namespace telegrad::channels {

namespace {

SimTime clock_now() { return SimTime{ns3::Simulator::Now().GetNanoSeconds()}; }

ns3::Time delay_until(SimTime when) {
  return ns3::NanoSeconds(std::max<SimTime>(when - clock_now(), SimTime::zero()).count());
}

}  // namespace

Ns3Network::Ns3Network(Observer& observer, const AttributeTexts& defaults, std::uint64_t seed,
                       const OutputSettings& outputs)
    : Network(observer), defaults_(defaults), session_(seed), outputs_(outputs) {}

SimTime Ns3Network::clock() const { return ready_ ? clock_now() - zero_ : SimTime::zero(); }

std::uint32_t Ns3Network::limit(NodeId, NodeId, Leg leg) const { return transport(leg).block_limit(); }

std::uint64_t Ns3Network::events() const { return ns3::Simulator::GetEventCount(); }

void Ns3Network::prepare() {
  if (ready_) return;
  outputs_.begin();
  open();
  session_.run();
  outputs_.dump_attributes();
}

std::vector<std::pair<NodeId, NodeId>> Ns3Network::links(NodeId hub) const {
  if (links_) return *links_;
  std::vector<std::pair<NodeId, NodeId>> star;
  for (std::uint32_t id = 0; id < hub.value; ++id) {
    star.emplace_back(NodeId{id}, hub);
    star.emplace_back(hub, NodeId{id});
  }
  return star;
}

void Ns3Network::begin() {
  ready_ = true;
  zero_ = clock_now();
  for (auto& copies : std::exchange(early_, {})) transmit_to_all(std::move(copies));
  session_.stop();
}

void Ns3Network::at(SimTime when, Slot slot) {
  expect(ready_, "the clock runs from time 0");
  ns3::Simulator::Schedule(delay_until(zero_ + when), &Ns3Network::tick, this, slot);
}

void Ns3Network::tick(Slot slot) {
  session_.guard([&] { fire(slot); });
}

void Ns3Network::transmit(Transmission what) {
  std::vector<Transmission> one;
  one.push_back(std::move(what));
  transmit_to_all(std::move(one));
}

void Ns3Network::transmit_to_all(std::vector<Transmission> copies) {
  if (!ready_) {
    early_.push_back(std::move(copies));
    return;
  }
  std::vector<Parcel> parcels;
  for (const Transmission& what : copies) {
    Parcel parcel;
    parcel.id = what.id;
    parcel.from = what.from;
    parcel.to = what.to;
    parcel.control = what.control.size;
    for (const auto& block : what.payload.blocks()) parcel.blocks.push_back(block.size);
    parcels.push_back(std::move(parcel));
  }
  transport(copies.front().leg).send_to_all(std::move(parcels));
}

void Ns3Network::loop(SimTime horizon) {
  constexpr SimTime kFar = std::chrono::hours(24 * 365);
  ns3::EventId end;
  if (horizon < kFar) end = ns3::Simulator::Schedule(delay_until(zero_ + horizon), &Ns3Network::halt, this);
  session_.run();
  end.Cancel();
  outputs_.finish();
}

void Ns3Network::halt() { session_.stop(); }

void Ns3Network::closed(std::uint64_t id, const std::vector<bool>& lost, bool control_lost) {
  const auto holes = static_cast<std::size_t>(std::count(lost.begin(), lost.end(), true));
  deliver(id, lost, control_lost);
  const bool none = !lost.empty() && holes == lost.size();
  settle(id, none ? Outcome::lost : holes > 0 ? Outcome::partial : Outcome::delivered);
}

std::string name_of(NodeId node, NodeId hub) {
  return node == hub ? "the server" : "worker " + std::to_string(node.value);
}

}  // namespace telegrad::channels
