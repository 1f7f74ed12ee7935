#include "sim/app/catalogues.h"

#include <gtest/gtest.h>

#include "sim/app/listing.h"
#include "sim/core/json.h"
#include "sim/core/resolve.h"

namespace telegrad::app {
namespace {

TEST(Catalogues, EveryExampleResolvesAndIsDoneWithItsOwnResult) {
  for (const auto& [name, catalogue] : light_catalogues().all()) {
    if (name == "devices") continue;  // they are named, not configured
    for (const Description& entry : catalogue.entries) {
      ASSERT_FALSE(entry.example.empty()) << name << ' ' << entry.name;
      Value resolved = resolve_trusted(entry.example, catalogue, light_catalogues());
      EXPECT_EQ(resolved["type"].text(), entry.name);
      EXPECT_EQ(resolve_trusted(dump_json(resolved), catalogue, light_catalogues()), resolved) << entry.name;
    }
  }
}

TEST(Catalogues, EverySettingExplainsItself) {
  for (const auto& [name, catalogue] : light_catalogues().all()) {
    EXPECT_FALSE(catalogue.summary.empty()) << name;
    for (const Description& entry : catalogue.entries) {
      EXPECT_FALSE(entry.summary.empty()) << name << ' ' << entry.name;
      for (const Parameter& setting : entry.parameters) EXPECT_FALSE(setting.help.empty()) << setting.name;
      EXPECT_NE(entry_page(entry).find(entry.summary), std::string::npos);
    }
  }
}

}  // namespace
}  // namespace telegrad::app
