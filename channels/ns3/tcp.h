#pragma once

#include "channels/ns3/attributes.h"
#include "channels/ns3/tcp_mesh.h"
#include "channels/ns3/transport.h"

namespace telegrad::channels {

/// How TCP is set up on every network of ours, in ns-3's words.
AttributeTexts tcp_attributes();

/// Parcels on persistent TCP connections, whole and in order. A parcel is framed by 16 bytes (id, number of blocks,
/// control bytes) and 4 for the size of each block.
class TcpTransport final : public Transport {
 public:
  TcpTransport(TcpMesh& mesh, Fates& fates) : mesh_(mesh), fates_(fates) {}
  void send(Parcel parcel) override;
  std::uint32_t block_limit() const override { return 64 * 1024; }

 private:
  TcpMesh& mesh_;
  Fates& fates_;
};

}  // namespace telegrad::channels
