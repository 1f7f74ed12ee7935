#pragma once

#include <cstdint>

#include "ns3/header.h"
#include "ns3/tag.h"

namespace telegrad::channels {

/// The first 16 bytes of each datagram, big-endian:
///   0  8  id of the message
///   8  4  index of the block, kControl or kEnd
///   12 4  number of blocks of the message
class DatagramHeader final : public ns3::Header {
 public:
  static constexpr std::uint32_t kBytes = 16;
  static constexpr std::uint32_t kControl = ~0u;  // the exchange's own bytes
  static constexpr std::uint32_t kEnd = ~0u - 1;  // nothing follows

  DatagramHeader() = default;
  DatagramHeader(std::uint64_t of_message, std::uint32_t at_index, std::uint32_t of_blocks)
      : message(of_message), index(at_index), blocks(of_blocks) {}

  static ns3::TypeId GetTypeId();
  ns3::TypeId GetInstanceTypeId() const override { return GetTypeId(); }
  std::uint32_t GetSerializedSize() const override { return kBytes; }
  void Serialize(ns3::Buffer::Iterator start) const override;
  std::uint32_t Deserialize(ns3::Buffer::Iterator start) override;
  void Print(std::ostream& out) const override;

  std::uint64_t message = 0;
  std::uint32_t index = 0;
  std::uint32_t blocks = 0;
};

/// Stays with the packet inside ns-3 and takes no bytes: whose packet it is that has left a device's queue.
class DatagramTag final : public ns3::Tag {
 public:
  DatagramTag() = default;
  explicit DatagramTag(std::uint64_t of_message) : message(of_message) {}

  static ns3::TypeId GetTypeId();
  ns3::TypeId GetInstanceTypeId() const override { return GetTypeId(); }
  std::uint32_t GetSerializedSize() const override { return 8; }
  void Serialize(ns3::TagBuffer out) const override { out.WriteU64(message); }
  void Deserialize(ns3::TagBuffer in) override { message = in.ReadU64(); }
  void Print(std::ostream& out) const override;

  std::uint64_t message = 0;
};

}  // namespace telegrad::channels
