#include "channels/networks.h"

#include "channels/ns3/wifi_catalogues.h"

namespace telegrad::channels {

#define TELEGRAD_NETWORK(name) NetworkEntry name();
#include "channels/list.def"
#undef TELEGRAD_NETWORK

const Registry<MakeNetwork>& networks() {
  static const Registry<MakeNetwork> registry("networks", "what carries the bytes",
                                              {
#define TELEGRAD_NETWORK(name) name(),
#include "channels/list.def"
#undef TELEGRAD_NETWORK
                                              });
  return registry;
}

void add_catalogues(Catalogues& catalogues) {
  catalogues.add(networks().catalogue());
  add_wifi_catalogues(catalogues);
}

}  // namespace telegrad::channels
