#include "channels/ns3/tcp.h"

namespace telegrad::channels {

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
