#include "channels/ns3/datagram_header.h"

#include <ostream>

namespace telegrad::channels {

ns3::TypeId DatagramHeader::GetTypeId() {
  static const ns3::TypeId type =
      ns3::TypeId("telegrad::DatagramHeader").SetParent<ns3::Header>().AddConstructor<DatagramHeader>();
  return type;
}

void DatagramHeader::Serialize(ns3::Buffer::Iterator start) const {
  start.WriteHtonU64(message);
  start.WriteHtonU32(index);
  start.WriteHtonU32(blocks);
}

std::uint32_t DatagramHeader::Deserialize(ns3::Buffer::Iterator start) {
  message = start.ReadNtohU64();
  index = start.ReadNtohU32();
  blocks = start.ReadNtohU32();
  return kBytes;
}

void DatagramHeader::Print(std::ostream& out) const {
  out << "message " << message << " block " << index << " of " << blocks;
}

ns3::TypeId DatagramTag::GetTypeId() {
  static const ns3::TypeId type =
      ns3::TypeId("telegrad::DatagramTag").SetParent<ns3::Tag>().AddConstructor<DatagramTag>();
  return type;
}

void DatagramTag::Print(std::ostream& out) const { out << "message " << message; }

}  // namespace telegrad::channels
