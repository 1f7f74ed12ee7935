#include "channels/ns3/tcp_mesh.h"

#include <algorithm>
#include <utility>

#include "ns3/callback.h"
#include "ns3/inet-socket-address.h"
#include "ns3/simulator.h"
#include "ns3/tcp-socket-factory.h"

namespace telegrad::channels {

namespace {

constexpr std::uint16_t kPort = 7000;

}  // namespace

TcpMesh::TcpMesh(Hosts& hosts, Session& session, Severed severed)
    : hosts_(hosts), session_(session), severed_(std::move(severed)) {
  for (std::uint32_t id = 0; id <= hosts_.hub().value; ++id) listen(NodeId{id});
}

TcpMesh::~TcpMesh() {
  for (auto& socket : listeners_) {
    socket->SetAcceptCallback(ns3::MakeNullCallback<bool, ns3::Ptr<ns3::Socket>, const ns3::Address&>(),
                              ns3::MakeNullCallback<void, ns3::Ptr<ns3::Socket>, const ns3::Address&>());
  }
}

void TcpMesh::listen(NodeId node) {
  auto socket = ns3::Socket::CreateSocket(hosts_.node(node), ns3::TcpSocketFactory::GetTypeId());
  socket->Bind(ns3::InetSocketAddress(ns3::Ipv4Address::GetAny(), kPort));
  socket->SetAcceptCallback(ns3::MakeCallback(&TcpMesh::accepts, this),
                            ns3::MakeCallback(&TcpMesh::accepted, this));
  socket->Listen();
  listeners_.push_back(socket);
}

TcpLink& TcpMesh::link(NodeId from, NodeId to) {
  auto& link = links_[{from, to}];
  if (!link) {
    TcpLink::Watcher watcher{[this] { opened(); },
                             [this, from, to](const std::string& why) { severed_(from, to, why); }};
    link = std::make_unique<TcpLink>(hosts_, session_, from, to, kPort, std::move(watcher));
    link->connect();
  }
  return *link;
}

void TcpMesh::open(const std::vector<Pair>& pairs, std::function<void()> done) {
  all_open_ = std::move(done);
  for (const auto& [from, to] : pairs) link(from, to);
  if (pairs.empty()) opened();
}

std::vector<NodeId> TcpMesh::unconnected() const {
  std::vector<NodeId> stations;
  for (std::uint32_t id = 0; id < hosts_.hub().value; ++id) {
    const auto closed = [&](const auto& entry) {
      const auto& [pair, link] = entry;
      return !link->open() && (pair.first == NodeId{id} || pair.second == NodeId{id});
    };
    if (std::any_of(links_.begin(), links_.end(), closed)) stations.push_back(NodeId{id});
  }
  return stations;
}

void TcpMesh::opened() {
  const auto is_open = [](const auto& entry) { return entry.second->open(); };
  if (!all_open_ || !std::all_of(links_.begin(), links_.end(), is_open)) return;
  auto done = std::exchange(all_open_, nullptr);
  ns3::Simulator::ScheduleNow([this, done] { session_.guard(done); });
}

bool TcpMesh::accepts(ns3::Ptr<ns3::Socket>, const ns3::Address&) { return true; }

void TcpMesh::accepted(ns3::Ptr<ns3::Socket> socket, const ns3::Address& from) {
  session_.guard([&] {
    const auto peer = ns3::InetSocketAddress::ConvertFrom(from);
    const NodeId sender = hosts_.node_at(peer.GetIpv4());
    for (auto& [pair, link] : links_) {
      if (pair.first == sender && link->local_port() == peer.GetPort()) return link->accepted(socket);
    }
  });
}

}  // namespace telegrad::channels
