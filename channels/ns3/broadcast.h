#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <unordered_map>
#include <vector>

#include "channels/ns3/cell.h"
#include "channels/ns3/datagram_header.h"
#include "channels/ns3/tcp_mesh.h"
#include "channels/ns3/transport.h"
#include "ns3/packet.h"
#include "ns3/queue-disc.h"
#include "ns3/wifi-mpdu.h"

namespace telegrad::channels {

/// What the server has for several stations, as one row of UDP datagrams to the broadcast address: a frame for each block,
/// at the cell's broadcast rate, once for all. The MAC acknowledges no such frame and sends none again, so each station
/// loses frames of its own. Control bytes go first, in as many datagrams as they need.
///
/// The last block closes a parcel at the station that gets it; two end markers follow by broadcast, and after 20 ms one to
/// each station by TCP, for those that have heard none. All frames share one queue, so nothing comes after the first end.
class BroadcastTransport final : public Transport {
 public:
  BroadcastTransport(Cell& cell, Session& session, TcpMesh& mesh, Fates& fates);
  ~BroadcastTransport() override;

  void send(Parcel parcel) override { send_to_all({std::move(parcel)}); }
  void send_to_all(std::vector<Parcel> parcels) override;
  /// A frame of 1500 bytes less the headers of IPv4, UDP and ours.
  std::uint32_t block_limit() const override { return 1500 - 20 - 8 - DatagramHeader::kBytes; }

 private:
  struct Listener {
    std::uint64_t id = 0;       // of its parcel
    std::vector<bool> missing;  // chunks
  };
  struct Flight {
    std::vector<std::uint32_t> chunks;  // bytes of each datagram, those of control first
    std::size_t control = 0;            // how many of them are control
    std::map<NodeId, Listener> open;    // whose parcel is not closed yet
    std::vector<NodeId> receivers;
    std::vector<std::uint64_t> ids;
    std::size_t next = 0;      // chunk to send
    std::uint32_t queued = 0;  // datagrams that wait in the device's queue or before it
    bool marked = false;
    bool all_sent() const { return next == chunks.size(); }
  };

  void listen(NodeId station);
  void fill_soon();
  void fill();
  std::uint32_t held() const;  // packets in the server's device and before it
  void hand_over(std::uint64_t number, Flight& flight);
  void send_datagram(std::uint64_t number, std::uint32_t index, const Flight& flight);
  static void dequeued(BroadcastTransport* self, ns3::Ptr<const ns3::WifiMpdu> frame);
  void left_queue(std::uint64_t number);
  void mark(std::uint64_t number);
  void mark_by_tcp(std::uint64_t number, std::vector<NodeId> receivers);
  static void received(BroadcastTransport* self, std::uint32_t station, ns3::Ptr<ns3::Socket> socket);
  void take(NodeId station, const DatagramHeader& header);
  void close(std::uint64_t number, NodeId station);

  Cell& cell_;
  Session& session_;
  TcpMesh& mesh_;
  Fates& fates_;
  ns3::Ptr<ns3::Socket> sender_;
  std::vector<ns3::Ptr<ns3::Socket>> listeners_;
  ns3::Ptr<ns3::WifiMacQueue> queue_;
  ns3::Ptr<ns3::QueueDisc> before_queue_;
  std::uint32_t room_ = 0;  // frames that may wait in the queue
  bool filling_ = false;
  std::uint64_t next_flight_ = 1;
  std::deque<std::uint64_t> waiting_;                  // flights with datagrams left to hand over
  std::unordered_map<std::uint64_t, Flight> flights_;  // until closed at every station
};

}  // namespace telegrad::channels
