#pragma once

#include <cstdint>
#include <vector>

#include "channels/ns3/cell.h"
#include "ns3/ptr.h"

namespace telegrad::channels {

class LinkShaper;

/// Limits each worker's link, both ways, as `tc` does with a token bucket (tc-tbf(8)): what a worker sends is
/// held back at the worker, what the server sends it at the server, a row of packets for each worker. Counted are
/// the bytes of IP packets, so that TCP carries rate x 1448 / 1500. Rows are long: packets wait, none is dropped,
/// and none passes another on its way to the same node. What workers send each other is held back at the sender.
class Shaping final {
 public:
  static constexpr std::uint32_t kBucketBytes = 5000;  // three packets may follow at once upon a pause

  Shaping(const Cell& cell, double rate_mbps);
  ~Shaping();

  /// Packets held back at `from`, in the row of those for `to`.
  std::uint32_t waiting(NodeId from, NodeId to) const;

 private:
  const NodeId hub_;
  std::vector<ns3::Ptr<LinkShaper>> shapers_;  // by node
};

}  // namespace telegrad::channels
