#include "sim/exchanges/exchanges.h"

namespace telegrad::exchanges {

#define TELEGRAD_EXCHANGE(name) ExchangeEntry name();
#include "sim/exchanges/list.def"
#undef TELEGRAD_EXCHANGE

const Registry<MakeExchange>& exchanges() {
  static const Registry<MakeExchange> registry("exchanges", "how the bytes of a group meet",
                                               {
#define TELEGRAD_EXCHANGE(name) name(),
#include "sim/exchanges/list.def"
#undef TELEGRAD_EXCHANGE
                                               });
  return registry;
}

}  // namespace telegrad::exchanges
