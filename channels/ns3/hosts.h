#pragma once

#include "ns3/ipv4-address.h"
#include "ns3/node.h"
#include "ns3/ptr.h"
#include "sim/core/types.h"

namespace telegrad::channels {

/// Nodes 0 to `hub` that have IPv4 addresses: all that a transport needs to know of the network below it.
class Hosts {
 public:
  virtual ~Hosts() = default;
  virtual NodeId hub() const = 0;
  virtual ns3::Ptr<ns3::Node> node(NodeId id) const = 0;
  virtual ns3::Ipv4Address address(NodeId id) const = 0;       // by which all others reach it
  virtual NodeId node_at(ns3::Ipv4Address address) const = 0;  // by any of its addresses
  virtual void acquaint([[maybe_unused]] NodeId a, [[maybe_unused]] NodeId b) {}  // they are about to talk
};

}  // namespace telegrad::channels
