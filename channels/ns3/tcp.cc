#include "channels/ns3/tcp.h"

namespace telegrad::channels {

AttributeTexts tcp_attributes() {
  return {
      // A segment fills a frame of 1500 bytes; buffers hold a window of a fast link.
      {"ns3::TcpSocket::SegmentSize", "1448"},
      {"ns3::TcpSocket::SndBufSize", "1048576"},
      {"ns3::TcpSocket::RcvBufSize", "1048576"},
      // As in Linux. With ns-3's delayed acknowledgements of 200 ms this RTO would fire level with them.
      {"ns3::TcpSocketBase::MinRto", "200ms"},
      {"ns3::TcpSocket::DelAckTimeout", "40ms"},
      // An unreachable server is noticed after 3 s instead of 189.
      {"ns3::TcpSocket::ConnTimeout", "1s"},
      {"ns3::TcpSocket::ConnCount", "2"},
  };
}

void TcpTransport::send(Parcel parcel) {
  const std::uint64_t frame = 16 + 4 * parcel.blocks.size();
  fates_.framed(parcel.id, frame);
  const auto tell = [this, id = parcel.id](Letter::Event event) {
    switch (event) {
      case Letter::Event::begun: return fates_.begun(id);
      case Letter::Event::reached: return fates_.reached(id);
      case Letter::Event::complete: return fates_.closed(id, {}, false);
    }
  };
  mesh_.link(parcel.from, parcel.to).push({frame + parcel.bytes(), tell});
}

}  // namespace telegrad::channels
