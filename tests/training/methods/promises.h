#pragma once

// Settings for which a method has one of its traits. A trait with a condition ("linear where shared") holds for the
// settings listed here alone; one without holds for the example too.

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/support/trainings.h"

namespace telegrad::testing_support {

/// "unbiased" and "unbiased where not clipped".
inline bool promises(const Description& method, const std::string& trait) {
  return std::any_of(method.traits.begin(), method.traits.end(),
                     [&](const std::string& own) { return own == trait || own.starts_with(trait + " "); });
}

/// That some of these settings are of every method with the trait, and none of another method. elsewhere: methods
/// whose trait another suite tests.
inline void expect_all_with(const std::string& trait, const std::vector<std::string>& settings,
                            const std::vector<std::string>& elsewhere = {}) {
  for (const auto& entry : training::methods().entries()) {
    bool tested = std::any_of(settings.begin(), settings.end(), [&](const std::string& json) {
      return trusted_json(json)["type"].text() == entry.about.name;
    });
    tested = tested || std::find(elsewhere.begin(), elsewhere.end(), entry.about.name) != elsewhere.end();
    EXPECT_EQ(tested, promises(entry.about, trait)) << entry.about.name << ": " << trait;
  }
}

}  // namespace telegrad::testing_support
