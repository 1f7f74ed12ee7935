#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "sim/core/types.h"

namespace telegrad::channels {

/// The sizes of one payload on its way to one receiver; its bytes stay with the network and are joined on arrival.
struct Parcel {
  std::uint64_t id = 0;
  NodeId from;
  NodeId to;
  std::vector<std::uint32_t> blocks;  // bytes of each
  std::uint32_t control = 0;          // bytes of the exchange itself, 0 for none

  std::uint64_t bytes() const {
    std::uint64_t sum = control;
    for (const auto size : blocks) sum += size;
    return sum;
  }
};

/// What a transport tells of its parcels. All calls come from events of the simulation.
class Fates {
 public:
  virtual ~Fates() = default;
  virtual void begun(std::uint64_t id) = 0;                        // the first byte was handed to the medium
  virtual void reached(std::uint64_t id) = 0;                      // a part has reached the receiver
  virtual void framed(std::uint64_t id, std::uint64_t bytes) = 0;  // the transport added bytes of its own
  virtual void went_along(std::uint64_t id) = 0;                   // its bytes are another parcel's too
  /// The parcel is over, once for each. Empty `lost`: all blocks are there.
  virtual void closed(std::uint64_t id, const std::vector<bool>& lost, bool control_lost) = 0;
  /// Two nodes have lost each other for good.
  virtual void severed(NodeId from, NodeId to, const std::string& why) = 0;
};

/// Carries parcels between any two nodes.
class Transport {
 public:
  virtual ~Transport() = default;
  virtual void send(Parcel parcel) = 0;
  /// The same for several receivers: to each its own, or once for all.
  virtual void send_to_all(std::vector<Parcel> parcels) {
    for (Parcel& parcel : parcels) send(std::move(parcel));
  }
  virtual std::uint32_t block_limit() const = 0;  // bytes
};

}  // namespace telegrad::channels
