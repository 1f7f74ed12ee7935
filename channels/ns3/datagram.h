#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <unordered_map>
#include <vector>

#include "channels/ns3/datagram_header.h"
#include "channels/ns3/shaping.h"
#include "channels/ns3/tcp_mesh.h"
#include "channels/ns3/transport.h"
#include "ns3/packet.h"
#include "ns3/queue-disc.h"
#include "ns3/wifi-mpdu.h"

namespace telegrad::channels {

/// Parcels as UDP datagrams, one for each block; what the air takes is a lost block, and nothing is lost before
/// it: a node hands its device a datagram only while few wait there, or in the row of a shaped link before it.
///
/// When the last datagram of a parcel has left the device's queue, sent or given up, an end marker follows by
/// UDP, another after 20 ms and a last one after 40 ms by TCP. Datagrams and markers of a pair share one queue
/// and are delivered in order, so the first marker that arrives closes the parcel. The second also frees what
/// the receiver's reorder buffer holds back behind a frame that was given up.
class DatagramTransport final : public Transport {
 public:
  /// `shaping`: of the cell's links, null where there is none.
  DatagramTransport(Cell& cell, const Shaping* shaping, Session& session, TcpMesh& mesh, Fates& fates);
  ~DatagramTransport() override;

  void send(Parcel parcel) override;
  /// A frame of 1500 bytes less the headers of IPv4, UDP and ours.
  std::uint32_t block_limit() const override { return 1500 - 20 - 8 - DatagramHeader::kBytes; }

 private:
  struct Flight {
    Parcel parcel;
    std::vector<bool> missing;
    bool control_missing = false;
    bool control_sent = false;
    std::size_t next = 0;      // block to send
    std::uint32_t queued = 0;  // datagrams that wait in the device's queue or before it
    bool marked = false;
    bool all_sent() const { return next == parcel.blocks.size() && (parcel.control == 0 || control_sent); }
  };
  struct Ends {
    std::uint64_t id = 0;
    NodeId from;
    NodeId to;
    std::uint32_t blocks = 0;
  };
  struct Sender {
    ns3::Ptr<ns3::Socket> socket;
    ns3::Ptr<ns3::WifiMacQueue> queue;
    ns3::Ptr<ns3::QueueDisc> before_queue;
    std::uint32_t held() const;  // packets in both
    std::uint32_t room = 0;      // frames that may wait in the queue
    // Parcels with datagrams left to hand over, first come first served, by row of the shaping or all in one.
    std::map<std::uint32_t, std::deque<std::uint64_t>> waiting;
    bool filling = false;
  };

  void open(NodeId node);
  void fill_soon(NodeId node);
  void fill(std::uint32_t node);
  std::deque<std::uint64_t>& line(NodeId from, NodeId to);
  bool has_room(const Sender& sender, const Parcel& next) const;
  void fill_from(Sender& sender, std::deque<std::uint64_t>& line);
  void hand_over(Sender& sender, Flight& flight);
  void send_datagram(Sender& sender, const Ends& ends, std::uint32_t index, std::uint32_t bytes);
  static void dequeued(DatagramTransport* self, std::uint32_t node, ns3::Ptr<const ns3::WifiMpdu> frame);
  void left_queue(std::uint64_t id);
  static Ends ends_of(const Parcel& parcel);
  void mark(std::uint64_t id);
  void mark_again(Ends ends);
  void mark_by_tcp(Ends ends);
  void received(ns3::Ptr<ns3::Socket> socket);
  void take(const DatagramHeader& header);
  void close(std::uint64_t id);

  Cell& cell_;
  const Shaping* const shaping_;
  Session& session_;
  TcpMesh& mesh_;
  Fates& fates_;
  std::vector<Sender> senders_;
  std::unordered_map<std::uint64_t, Flight> flights_;  // until closed
};

}  // namespace telegrad::channels
