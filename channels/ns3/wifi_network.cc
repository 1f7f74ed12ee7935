#include "channels/ns3/wifi_network.h"

#include "channels/ns3/broadcast.h"
#include "channels/ns3/datagram.h"
#include "channels/ns3/tcp.h"
#include "sim/core/errors.h"
#include "sim/core/expectation.h"

namespace telegrad::channels {

namespace {

std::unique_ptr<Transport> make_transport(TransportKind kind, Cell& cell, const Shaping* shaping,
                                          Session& session, TcpMesh& mesh, Fates& fates) {
  if (kind == TransportKind::tcp) return std::make_unique<TcpTransport>(mesh, fates);
  if (kind == TransportKind::broadcast) {
    return std::make_unique<BroadcastTransport>(cell, session, mesh, fates);
  }
  return std::make_unique<DatagramTransport>(cell, shaping, session, mesh, fates);
}

}  // namespace

WifiNetwork::WifiNetwork(const WifiSettings& settings, Observer& observer)
    : Ns3Network(observer, wifi_attributes(settings), settings.seed, settings.outputs), settings_(settings),
      cell_(settings, session()),
      mesh_(cell_, session(),
            [this](NodeId from, NodeId to, const std::string& why) { severed(from, to, why); }),
      repair_(mesh_, *this) {
  if (settings.device_rate_mbps) shaping_.emplace(cell_, *settings.device_rate_mbps);
  const Shaping* shaping = shaping_ ? &*shaping_ : nullptr;
  uplink_ = make_transport(settings.uplink, cell_, shaping, session(), mesh_, *this);
  if (settings.downlink != settings.uplink) {
    downlink_ = make_transport(settings.downlink, cell_, shaping, session(), mesh_, *this);
  }
}

WifiNetwork::~WifiNetwork() { drop(); }

Transport& WifiNetwork::transport(Leg leg) const {
  if (leg == Leg::repair) return repair_;
  return leg == Leg::down && downlink_ ? *downlink_ : *uplink_;
}

void WifiNetwork::open() {
  cell_.associate([this] { connect(); });
}

void WifiNetwork::connect() {
  mesh_.open(links(cell_.hub()), [this] { connected(); });
}

void WifiNetwork::connected() {
  cell_.limit_retries(settings_);
  if (settings_.downlink == TransportKind::broadcast) {
    cell_.set_broadcast_rate(mode_name(settings_.radio.standard, settings_.broadcast_mcs));
  }
  cell_.reset_on_air();
  begin();
}

void WifiNetwork::severed(NodeId from, NodeId to, const std::string& why) {
  if (ready()) {
    throw RunError(Failure::connection_lost,
                   "from " + name_of(from, cell_.hub()) + " to " + name_of(to, cell_.hub()) + ": " + why);
  }
  if (settings_.mode == CellMode::ad_hoc) {
    throw RunError(
        Failure::unreachable,
        why + " from " + name_of(from, cell_.hub()) + " to " + name_of(to, cell_.hub()) +
            ", who talk directly, without routing; not connected: " + cell_.names(mesh_.unconnected()) +
            "; bring them nearer, or let mode be 'infrastructure'");
  }
  throw RunError(Failure::unreachable,
                 "associated, but " + why + " between the server and " + cell_.names(mesh_.unconnected()));
}

NetworkFacts WifiNetwork::facts() const {
  NetworkFacts facts;
  facts.reliable = settings_.uplink == TransportKind::tcp && settings_.downlink == TransportKind::tcp;
  facts.reliable_down = settings_.downlink == TransportKind::tcp;
  const auto& rate = settings_.rate;
  if (rate.control == RateControl::constant) facts.phy_rate_mbps = phy_rate_mbps(settings_.radio, rate.mcs);
  for (const auto& position : settings_.stations) facts.positions.emplace_back(position.x, position.y);
  facts.positions.emplace_back(0, 0);
  facts.broadcasts_down = settings_.downlink == TransportKind::broadcast;
  const bool ad_hoc = settings_.mode == CellMode::ad_hoc;
  const std::string joined = ad_hoc ? "in ad hoc mode, connected" : "associated, connected";
  facts.assumptions = {"stations are " + joined + " and know their neighbours' addresses at time 0"};
  if (ad_hoc) facts.assumptions.push_back("the server is one more station, in the middle");
  facts.assumptions.push_back(facts.broadcasts_down
                                  ? "the down-link is one broadcast for all workers at MCS " +
                                        std::to_string(settings_.broadcast_mcs) +
                                        ", which nobody acknowledges; its end is told to each by TCP too"
                                  : "the down-link is unicast: one copy for each worker");
  if (settings_.device_rate_mbps) {
    facts.device_rate_mbps = settings_.device_rate_mbps;
    facts.device_burst_bytes = Shaping::kBucketBytes;
    facts.assumptions.push_back(
        "each worker's link is shaped to device_rate_mbps each way by a token bucket of " +
        std::to_string(Shaping::kBucketBytes) +
        " bytes over IP packets; packets wait, none is dropped; "
        "between workers the sender's link alone counts");
  }
  facts.not_modelled = {"other networks on the channel", "movement"};
  if (ad_hoc) facts.not_modelled.push_back("routing: workers out of each other's range cannot talk");
  return facts;
}

}  // namespace telegrad::channels
