#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "sim/core/errors.h"
#include "sim/core/override.h"
#include "sim/core/value.h"

namespace telegrad::app {

/// A scenario file with its `--set` overrides, read and resolved. Writes nothing; loads the training library.
class Scenario {
 public:
  /// Throws ScenarioError with everything that is wrong.
  Scenario(std::filesystem::path file, std::vector<std::string> overrides);

  const Value& resolved() const { return resolved_; }
  /// What the file and the overrides say, without defaults.
  const Value& user() const { return user_; }

  /// Calls what finds further mistakes while it builds things: their pointers get places in the file.
  template <class Build>
  auto build(Build&& make) const {
    try {
      return make(resolved_);
    } catch (const ScenarioError& error) {
      throw located(error.problems());
    }
  }

 private:
  ScenarioError located(std::vector<Problem> problems) const;

  std::filesystem::path file_;
  Overrides overrides_;
  Value user_;
  Value resolved_;
};

/// Fills in the defaults of what a user wrote and checks it; what is wrong is added without places.
Value resolve_scenario(const Value& user, std::vector<Problem>& problems);

void sort_by_place(std::vector<Problem>& problems);

/// The JSON Schema of scenario files.
Value scenario_schema();
/// That of grid files.
Value grid_schema();

}  // namespace telegrad::app
