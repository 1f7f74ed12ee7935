#include "channels/ns3/datagram.h"

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

constexpr std::uint16_t kPort = 7001;
constexpr std::uint32_t kFewHeldBack = 32;  // in the row of a shaped link
const auto kMarkerGap = ns3::MilliSeconds(20);
constexpr std::uint32_t kMarkers = 3;

}  // namespace

DatagramTransport::DatagramTransport(Cell& cell, const Shaping* shaping, Session& session, TcpMesh& mesh,
                                     Fates& fates)
    : cell_(cell), shaping_(shaping), session_(session), mesh_(mesh), fates_(fates) {
  senders_.resize(cell_.hub().value + 1);
  for (std::uint32_t id = 0; id <= cell_.hub().value; ++id) open(NodeId{id});
}

DatagramTransport::~DatagramTransport() {
  for (std::uint32_t id = 0; id < senders_.size(); ++id) {
    auto& sender = senders_[id];
    sender.socket->SetRecvCallback(ns3::MakeNullCallback<void, ns3::Ptr<ns3::Socket>>());
    sender.queue->TraceDisconnectWithoutContext(
        "Dequeue", ns3::MakeBoundCallback(&DatagramTransport::dequeued, this, id));
  }
}

std::uint32_t DatagramTransport::Sender::held() const {
  return queue->GetNPackets() + before_queue->GetNPackets();
}

void DatagramTransport::open(NodeId node) {
  auto& sender = senders_[node.value];
  sender.socket = ns3::Socket::CreateSocket(cell_.node(node), ns3::UdpSocketFactory::GetTypeId());
  sender.socket->Bind(ns3::InetSocketAddress(ns3::Ipv4Address::GetAny(), kPort));
  sender.socket->SetRecvCallback(ns3::MakeCallback(&DatagramTransport::received, this));
  sender.queue = cell_.queue(node);
  sender.before_queue =
      cell_.node(node)->GetObject<ns3::TrafficControlLayer>()->GetRootQueueDiscOnDevice(cell_.device(node));
  sender.room = room_in(*sender.queue);
  sender.queue->TraceConnectWithoutContext(
      "Dequeue", ns3::MakeBoundCallback(&DatagramTransport::dequeued, this, node.value));
}

void DatagramTransport::send(Parcel parcel) {
  for (const auto size : parcel.blocks) expect(size <= block_limit(), "a block fits a datagram");
  const auto id = parcel.id;
  const auto from = parcel.from;
  const auto to = parcel.to;
  const std::size_t datagrams = parcel.blocks.size() + (parcel.control > 0 ? 1 : 0) + kMarkers;
  fates_.framed(id, datagrams * DatagramHeader::kBytes);
  cell_.acquaint(from, parcel.to);
  Flight flight;
  flight.missing.assign(parcel.blocks.size(), true);
  flight.control_missing = parcel.control > 0;
  flight.parcel = std::move(parcel);
  flights_.emplace(id, std::move(flight));
  line(from, to).push_back(id);
  fill_soon(from);
}

std::deque<std::uint64_t>& DatagramTransport::line(NodeId from, NodeId to) {
  return senders_[from.value].waiting[shaping_ != nullptr && from == cell_.hub() ? to.value : 0];
}

void DatagramTransport::fill_soon(NodeId node) {
  // Never from inside a queue's trace: the queue is in the middle of a change then.
  auto& sender = senders_[node.value];
  const auto is_empty = [](const auto& entry) { return entry.second.empty(); };
  if (std::all_of(sender.waiting.begin(), sender.waiting.end(), is_empty)) return;
  if (std::exchange(sender.filling, true)) return;
  ns3::Simulator::ScheduleNow(&DatagramTransport::fill, this, node.value);
}

void DatagramTransport::fill(std::uint32_t node) {
  session_.guard([&] {
    auto& sender = senders_[node];
    sender.filling = false;
    for (auto& [row, line] : sender.waiting) fill_from(sender, line);
  });
}

bool DatagramTransport::has_room(const Sender& sender, const Parcel& next) const {
  // A shaped row is as long as it likes, and holds back what the device has no room for.
  if (shaping_ != nullptr) return shaping_->waiting(next.from, next.to) < kFewHeldBack;
  return sender.queue->GetNPackets() < sender.room;
}

void DatagramTransport::fill_from(Sender& sender, std::deque<std::uint64_t>& line) {
  while (!line.empty() && has_room(sender, flights_.at(line.front()).parcel)) {
    const auto id = line.front();
    auto& flight = flights_.at(id);
    if (!flight.all_sent()) hand_over(sender, flight);
    if (!flight.all_sent()) continue;
    line.pop_front();
    if (flight.queued == 0) mark(id);
  }
}

void DatagramTransport::hand_over(Sender& sender, Flight& flight) {
  const auto& parcel = flight.parcel;
  const auto ends = ends_of(parcel);
  const auto before = sender.held();
  ++flight.queued;
  if (parcel.control > 0 && !flight.control_sent) {
    fates_.begun(parcel.id);
    flight.control_sent = true;
    send_datagram(sender, ends, DatagramHeader::kControl, parcel.control);
  } else {
    if (flight.next == 0) fates_.begun(parcel.id);
    const auto index = static_cast<std::uint32_t>(flight.next++);
    send_datagram(sender, ends, index, parcel.blocks[index]);
  }
  // A station that has lost its access point drops at once: then nothing more is held.
  if (sender.held() == before) --flight.queued;
}

DatagramTransport::Ends DatagramTransport::ends_of(const Parcel& parcel) {
  return {parcel.id, parcel.from, parcel.to, static_cast<std::uint32_t>(parcel.blocks.size())};
}

void DatagramTransport::send_datagram(Sender& sender, const Ends& ends, std::uint32_t index,
                                      std::uint32_t bytes) {
  auto packet = ns3::Create<ns3::Packet>(bytes);
  packet->AddHeader(DatagramHeader(ends.id, index, ends.blocks));
  if (index != DatagramHeader::kEnd) packet->AddPacketTag(DatagramTag(ends.id));
  sender.socket->SendTo(packet, 0, ns3::InetSocketAddress(cell_.address(ends.to), kPort));
}

void DatagramTransport::dequeued(DatagramTransport* self, std::uint32_t node,
                                 ns3::Ptr<const ns3::WifiMpdu> frame) {
  self->session_.guard([&] {
    DatagramTag tag;
    if (frame->GetPacket()->PeekPacketTag(tag)) self->left_queue(tag.message);
    self->fill_soon(NodeId{node});
  });
}

void DatagramTransport::left_queue(std::uint64_t id) {
  const auto at = flights_.find(id);
  if (at == flights_.end() || at->second.queued == 0) return;
  auto& flight = at->second;
  if (--flight.queued == 0 && flight.all_sent())
    ns3::Simulator::ScheduleNow(&DatagramTransport::mark, this, id);
}

void DatagramTransport::mark(std::uint64_t id) {
  session_.guard([&] {
    const auto at = flights_.find(id);
    if (at == flights_.end() || std::exchange(at->second.marked, true)) return;
    const auto ends = ends_of(at->second.parcel);
    if (ends.blocks == 0 && at->second.parcel.control == 0) fates_.begun(id);
    send_datagram(senders_[ends.from.value], ends, DatagramHeader::kEnd, 0);
    ns3::Simulator::Schedule(kMarkerGap, &DatagramTransport::mark_again, this, ends);
    ns3::Simulator::Schedule(2 * kMarkerGap, &DatagramTransport::mark_by_tcp, this, ends);
  });
}

void DatagramTransport::mark_again(Ends ends) {
  session_.guard([&] { send_datagram(senders_[ends.from.value], ends, DatagramHeader::kEnd, 0); });
}

void DatagramTransport::mark_by_tcp(Ends ends) {
  session_.guard([&] {
    const auto tell = [this, id = ends.id](Letter::Event event) {
      if (event == Letter::Event::complete) close(id);
    };
    mesh_.link(ends.from, ends.to).push({DatagramHeader::kBytes, tell});
  });
}

void DatagramTransport::received(ns3::Ptr<ns3::Socket> socket) {
  session_.guard([&] {
    while (auto packet = socket->Recv()) {
      DatagramHeader header;
      packet->RemoveHeader(header);
      take(header);
    }
  });
}

void DatagramTransport::take(const DatagramHeader& header) {
  if (header.index == DatagramHeader::kEnd) return close(header.message);
  const auto at = flights_.find(header.message);
  if (at == flights_.end()) return;
  auto& flight = at->second;
  if (header.index == DatagramHeader::kControl) {
    flight.control_missing = false;
  } else if (flight.missing.at(header.index)) {
    flight.missing[header.index] = false;
    fates_.reached(header.message);
  }
}

void DatagramTransport::close(std::uint64_t id) {
  const auto at = flights_.find(id);
  if (at == flights_.end()) return;
  const Flight flight = std::move(at->second);
  flights_.erase(at);
  const bool whole = std::find(flight.missing.begin(), flight.missing.end(), true) == flight.missing.end();
  fates_.closed(id, whole ? std::vector<bool>{} : flight.missing, flight.control_missing);
}

}  // namespace telegrad::channels
