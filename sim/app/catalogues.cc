#include "sim/app/catalogues.h"

#include "channels/networks.h"
#include "sim/app/plugin.h"
#include "sim/app/simulated_device.h"
#include "sim/exchanges/exchanges.h"
#include "sim/programs/programs.h"

namespace telegrad::app {
namespace {

Catalogues light() {
  Catalogues catalogues;
  catalogues.add(programs::programs().catalogue());
  exchanges::add_catalogues(catalogues);
  catalogues.add(device_catalogue());
  channels::add_catalogues(catalogues);
  return catalogues;
}

Catalogues all() {
  Catalogues catalogues = light();
  training_plugin().add_catalogues(catalogues);
  return catalogues;
}

}  // namespace

const Catalogues& light_catalogues() {
  static const Catalogues catalogues = light();
  return catalogues;
}

const Catalogues& all_catalogues() {
  static const Catalogues catalogues = all();
  return catalogues;
}

}  // namespace telegrad::app
