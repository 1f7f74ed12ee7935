#include "channels/ns3/broadcast.h"

#include <algorithm>
#include <utility>

#include "channels/ns3/device_room.h"
#include "ns3/callback.h"
#include "ns3/inet-socket-address.h"
#include "ns3/simulator.h"
#include "ns3/traffic-control-layer.h"
#include "ns3/udp-socket-factory.h"
#include "ns3/wifi-mac-queue.h"
#include "sim/core/errors.h"

namespace telegrad::channels {

namespace {

constexpr std::uint16_t kPort = 7002;
constexpr int kMarkers = 2;
const auto kMarkerGap = ns3::MilliSeconds(20);

/// Control bytes in datagrams of at most `limit`, then one for each block.
std::vector<std::uint32_t> cut(const Parcel& parcel, std::uint32_t limit) {
  std::vector<std::uint32_t> chunks;
  for (std::uint32_t left = parcel.control; left > 0; left -= chunks.back()) {
    chunks.push_back(std::min(left, limit));
  }
  chunks.insert(chunks.end(), parcel.blocks.begin(), parcel.blocks.end());
  return chunks;
}

}  // namespace

BroadcastTransport::BroadcastTransport(Cell& cell, Session& session, TcpMesh& mesh, Fates& fates)
    : cell_(cell), session_(session), mesh_(mesh), fates_(fates) {
  const NodeId hub = cell_.hub();
  sender_ = ns3::Socket::CreateSocket(cell_.node(hub), ns3::UdpSocketFactory::GetTypeId());
  sender_->SetAllowBroadcast(true);
  sender_->Bind(ns3::InetSocketAddress(ns3::Ipv4Address::GetAny(), kPort));
  queue_ = cell_.queue(hub);
  before_queue_ =
      cell_.node(hub)->GetObject<ns3::TrafficControlLayer>()->GetRootQueueDiscOnDevice(cell_.device(hub));
  room_ = room_in(*queue_);
  queue_->TraceConnectWithoutContext("Dequeue", ns3::MakeBoundCallback(&BroadcastTransport::dequeued, this));
  for (std::uint32_t id = 0; id < hub.value; ++id) listen(NodeId{id});
}

BroadcastTransport::~BroadcastTransport() {
  for (auto& socket : listeners_) {
    socket->SetRecvCallback(ns3::MakeNullCallback<void, ns3::Ptr<ns3::Socket>>());
  }
  queue_->TraceDisconnectWithoutContext("Dequeue",
                                        ns3::MakeBoundCallback(&BroadcastTransport::dequeued, this));
}

void BroadcastTransport::listen(NodeId station) {
  auto socket = ns3::Socket::CreateSocket(cell_.node(station), ns3::UdpSocketFactory::GetTypeId());
  socket->Bind(ns3::InetSocketAddress(ns3::Ipv4Address::GetAny(), kPort));
  socket->SetRecvCallback(ns3::MakeBoundCallback(&BroadcastTransport::received, this, station.value));
  listeners_.push_back(socket);
}

void BroadcastTransport::send_to_all(std::vector<Parcel> parcels) {
  const Parcel& any = parcels.front();
  expect(any.from == cell_.hub(), "the server alone broadcasts");
  for (const auto size : any.blocks) expect(size <= block_limit(), "a block fits a datagram");
  Flight flight;
  flight.chunks = cut(any, block_limit());
  flight.control = flight.chunks.size() - any.blocks.size();
  for (const Parcel& parcel : parcels) {
    flight.open[parcel.to] = Listener{parcel.id, std::vector<bool>(flight.chunks.size(), true)};
    flight.receivers.push_back(parcel.to);
    flight.ids.push_back(parcel.id);
    if (parcel.id != any.id) fates_.went_along(parcel.id);
  }
  const std::size_t datagrams = flight.chunks.size() + kMarkers + parcels.size();
  fates_.framed(any.id, datagrams * DatagramHeader::kBytes);
  waiting_.push_back(next_flight_);
  flights_.emplace(next_flight_++, std::move(flight));
  fill_soon();
}

void BroadcastTransport::fill_soon() {
  // Never from inside a queue's trace: the queue is in the middle of a change then.
  if (waiting_.empty() || std::exchange(filling_, true)) return;
  ns3::Simulator::ScheduleNow(&BroadcastTransport::fill, this);
}

void BroadcastTransport::fill() {
  session_.guard([&] {
    filling_ = false;
    while (!waiting_.empty() && queue_->GetNPackets() < room_) {
      const auto number = waiting_.front();
      Flight& flight = flights_.at(number);
      if (flight.next == 0) {
        for (const auto id : flight.ids) fates_.begun(id);
      }
      if (!flight.all_sent()) hand_over(number, flight);
      if (!flight.all_sent()) continue;
      waiting_.pop_front();
      if (flight.queued == 0) mark(number);
    }
  });
}

std::uint32_t BroadcastTransport::held() const {
  return queue_->GetNPackets() + before_queue_->GetNPackets();
}

void BroadcastTransport::hand_over(std::uint64_t number, Flight& flight) {
  const auto before = held();
  ++flight.queued;
  send_datagram(number, static_cast<std::uint32_t>(flight.next++), flight);
  if (held() == before) --flight.queued;
}

void BroadcastTransport::send_datagram(std::uint64_t number, std::uint32_t index, const Flight& flight) {
  const bool end = index == DatagramHeader::kEnd;
  auto packet = ns3::Create<ns3::Packet>(end ? 0 : flight.chunks[index]);
  packet->AddHeader(DatagramHeader(number, index, static_cast<std::uint32_t>(flight.chunks.size())));
  if (!end) packet->AddPacketTag(DatagramTag(number));
  sender_->SendTo(packet, 0, ns3::InetSocketAddress(cell_.broadcast_address(), kPort));
}

void BroadcastTransport::dequeued(BroadcastTransport* self, ns3::Ptr<const ns3::WifiMpdu> frame) {
  self->session_.guard([&] {
    DatagramTag tag;
    // The device's queue holds frames of other transports too.
    const bool ours = frame->GetHeader().GetAddr1().IsGroup();
    if (ours && frame->GetPacket()->PeekPacketTag(tag)) self->left_queue(tag.message);
    self->fill_soon();
  });
}

void BroadcastTransport::left_queue(std::uint64_t number) {
  const auto at = flights_.find(number);
  if (at == flights_.end() || at->second.queued == 0) return;
  if (--at->second.queued == 0 && at->second.all_sent()) {
    ns3::Simulator::ScheduleNow(&BroadcastTransport::mark, this, number);
  }
}

void BroadcastTransport::mark(std::uint64_t number) {
  session_.guard([&] {
    const auto at = flights_.find(number);
    if (at == flights_.end() || std::exchange(at->second.marked, true)) return;
    for (int i = 0; i < kMarkers; ++i) send_datagram(number, DatagramHeader::kEnd, at->second);
    ns3::Simulator::Schedule(kMarkerGap, &BroadcastTransport::mark_by_tcp, this, number,
                             at->second.receivers);
    if (at->second.open.empty()) flights_.erase(at);
  });
}

void BroadcastTransport::mark_by_tcp(std::uint64_t number, std::vector<NodeId> receivers) {
  session_.guard([&] {
    for (const NodeId station : receivers) {
      const auto tell = [this, number, station](Letter::Event event) {
        if (event == Letter::Event::complete) close(number, station);
      };
      mesh_.link(cell_.hub(), station).push({DatagramHeader::kBytes, tell});
    }
  });
}

void BroadcastTransport::received(BroadcastTransport* self, std::uint32_t station,
                                  ns3::Ptr<ns3::Socket> socket) {
  self->session_.guard([&] {
    while (auto packet = socket->Recv()) {
      DatagramHeader header;
      packet->RemoveHeader(header);
      self->take(NodeId{station}, header);
    }
  });
}

void BroadcastTransport::take(NodeId station, const DatagramHeader& header) {
  if (header.index == DatagramHeader::kEnd) return close(header.message, station);
  const auto at = flights_.find(header.message);
  if (at == flights_.end()) return;
  Flight& flight = at->second;
  const auto listener = flight.open.find(station);
  if (listener == flight.open.end()) return;
  listener->second.missing.at(header.index) = false;
  if (header.index >= flight.control) fates_.reached(listener->second.id);
  if (header.index + 1 == flight.chunks.size()) close(header.message, station);
}

void BroadcastTransport::close(std::uint64_t number, NodeId station) {
  const auto at = flights_.find(number);
  if (at == flights_.end()) return;
  Flight& flight = at->second;
  const auto listener = flight.open.find(station);
  if (listener == flight.open.end()) return;
  const Listener closed = std::move(listener->second);
  const auto blocks = closed.missing.begin() + static_cast<std::ptrdiff_t>(flight.control);
  const bool control_lost = std::find(closed.missing.begin(), blocks, true) != blocks;
  std::vector<bool> lost(blocks, closed.missing.end());
  if (std::find(lost.begin(), lost.end(), true) == lost.end()) lost.clear();
  flight.open.erase(listener);
  if (flight.open.empty() && flight.marked) flights_.erase(at);
  fates_.closed(closed.id, lost, control_lost);
}

}  // namespace telegrad::channels
