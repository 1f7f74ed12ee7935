#include "channels/ns3/wifi_network.h"

#include <algorithm>
#include <utility>

#include "ns3/simulator.h"
#include "sim/core/errors.h"
#include "sim/core/expectation.h"

namespace telegrad::channels {

namespace {

SimTime clock_now() { return SimTime{ns3::Simulator::Now().GetNanoSeconds()}; }

ns3::Time delay_until(SimTime when) {
  return ns3::NanoSeconds(std::max<SimTime>(when - clock_now(), SimTime::zero()).count());
}

std::unique_ptr<Transport> make_transport(TransportKind kind, Cell& cell, const Shaping* shaping,
                                          Session& session, TcpMesh& mesh, Fates& fates) {
  if (kind == TransportKind::tcp) return std::make_unique<TcpTransport>(mesh, fates);
  return std::make_unique<DatagramTransport>(cell, shaping, session, mesh, fates);
}

std::string name_of(NodeId node, NodeId hub) {
  return node == hub ? "the server" : "worker " + std::to_string(node.value);
}

}  // namespace

WifiNetwork::WifiNetwork(const WifiSettings& settings, Observer& observer)
    : Network(observer), settings_(settings), defaults_(wifi_attributes(settings)), session_(settings.seed),
      cell_(settings, session_),
      mesh_(cell_, session_,
            [this](NodeId from, NodeId to, const std::string& why) { severed(from, to, why); }) {
  if (settings.device_rate_mbps) shaping_.emplace(cell_, *settings.device_rate_mbps);
  const Shaping* shaping = shaping_ ? &*shaping_ : nullptr;
  uplink_ = make_transport(settings.uplink, cell_, shaping, session_, mesh_, *this);
  if (settings.downlink != settings.uplink) {
    downlink_ = make_transport(settings.downlink, cell_, shaping, session_, mesh_, *this);
  }
}

WifiNetwork::~WifiNetwork() { drop(); }

SimTime WifiNetwork::clock() const { return ready_ ? clock_now() - zero_ : SimTime::zero(); }

Transport& WifiNetwork::transport(NodeId from) const {
  return from == cell_.hub() && downlink_ ? *downlink_ : *uplink_;
}

std::uint32_t WifiNetwork::limit(NodeId from, NodeId) const { return transport(from).block_limit(); }

std::uint64_t WifiNetwork::events() const { return ns3::Simulator::GetEventCount(); }

void WifiNetwork::prepare() {
  if (ready_) return;
  cell_.associate([this] { connect(); });
  session_.run();
}

void WifiNetwork::connect() {
  mesh_.open_star([this] { begin(); });
}

void WifiNetwork::begin() {
  ready_ = true;
  zero_ = clock_now();
  cell_.limit_retries(settings_);
  cell_.reset_on_air();
  for (auto& what : std::exchange(early_, {})) transmit(std::move(what));
  session_.stop();
}

void WifiNetwork::at(SimTime when, Slot slot) {
  expect(ready_, "the clock runs from time 0");
  ns3::Simulator::Schedule(delay_until(zero_ + when), &WifiNetwork::tick, this, slot);
}

void WifiNetwork::tick(Slot slot) {
  session_.guard([&] { fire(slot); });
}

void WifiNetwork::transmit(Transmission what) {
  if (!ready_) {
    early_.push_back(std::move(what));
    return;
  }
  Parcel parcel;
  parcel.id = what.id;
  parcel.from = what.from;
  parcel.to = what.to;
  parcel.control = what.control.size;
  for (const auto& block : what.payload.blocks()) parcel.blocks.push_back(block.size);
  transport(what.from).send(std::move(parcel));
}

void WifiNetwork::loop(SimTime horizon) {
  constexpr SimTime kFar = std::chrono::hours(24 * 365);
  ns3::EventId end;
  if (horizon < kFar) end = ns3::Simulator::Schedule(delay_until(zero_ + horizon), &WifiNetwork::halt, this);
  session_.run();
  end.Cancel();
}

void WifiNetwork::halt() { session_.stop(); }

void WifiNetwork::closed(std::uint64_t id, const std::vector<bool>& lost, bool control_lost) {
  const auto holes = static_cast<std::size_t>(std::count(lost.begin(), lost.end(), true));
  deliver(id, lost, control_lost);
  const bool none = !lost.empty() && holes == lost.size();
  settle(id, none ? Outcome::lost : holes > 0 ? Outcome::partial : Outcome::delivered);
}

void WifiNetwork::severed(NodeId from, NodeId to, const std::string& why) {
  if (ready_) {
    throw RunError(Failure::connection_lost,
                   "from " + name_of(from, cell_.hub()) + " to " + name_of(to, cell_.hub()) + ": " + why);
  }
  throw RunError(Failure::unreachable,
                 "associated, but " + why + " between the server and " + cell_.names(mesh_.unconnected()));
}

NetworkFacts WifiNetwork::facts() const {
  NetworkFacts facts;
  facts.reliable = settings_.uplink == TransportKind::tcp && settings_.downlink == TransportKind::tcp;
  const auto& rate = settings_.rate;
  if (rate.control == RateControl::constant) facts.phy_rate_mbps = phy_rate_mbps(settings_.radio, rate.mcs);
  for (const auto& position : settings_.stations) facts.positions.emplace_back(position.x, position.y);
  facts.positions.emplace_back(0, 0);
  facts.assumptions = {"stations are associated, connected and know their neighbours' addresses at time 0",
                       "the down-link is unicast: one copy for each worker"};
  if (settings_.device_rate_mbps) {
    facts.device_rate_mbps = settings_.device_rate_mbps;
    facts.device_burst_bytes = Shaping::kBucketBytes;
    facts.assumptions.push_back(
        "each worker's link is shaped to " + plain_number(*settings_.device_rate_mbps) +
        " Mbit/s each way by a token bucket of " + std::to_string(Shaping::kBucketBytes) +
        " bytes over IP packets; packets wait, none is dropped; "
        "between workers the sender's link alone counts");
  }
  facts.not_modelled = {"other networks on the channel", "movement"};
  return facts;
}

}  // namespace telegrad::channels
