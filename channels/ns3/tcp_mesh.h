#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "channels/ns3/tcp_link.h"

namespace telegrad::channels {

/// The TCP links of a network, one for each ordered pair of nodes that has something to say, and their listeners.
class TcpMesh final {
 public:
  using Severed = std::function<void(NodeId from, NodeId to, const std::string& why)>;

  TcpMesh(Hosts& hosts, Session& session, Severed severed);
  ~TcpMesh();
  TcpMesh(const TcpMesh&) = delete;
  TcpMesh& operator=(const TcpMesh&) = delete;

  /// Made on first use.
  TcpLink& link(NodeId from, NodeId to);

  using Pair = std::pair<NodeId, NodeId>;  // from, to
  /// Makes these links; calls `done` in an event of its own when all are open.
  void open(const std::vector<Pair>& pairs, std::function<void()> done);
  /// Workers with a link that is not open now.
  std::vector<NodeId> unconnected() const;

 private:
  void listen(NodeId node);
  bool accepts(ns3::Ptr<ns3::Socket> socket, const ns3::Address& from);
  void accepted(ns3::Ptr<ns3::Socket> socket, const ns3::Address& from);
  void opened();

  Hosts& hosts_;
  Session& session_;
  const Severed severed_;
  std::vector<ns3::Ptr<ns3::Socket>> listeners_;
  std::map<Pair, std::unique_ptr<TcpLink>> links_;
  std::function<void()> all_open_;
};

}  // namespace telegrad::channels
