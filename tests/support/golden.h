#pragma once

// Numbers worked out apart from this code: tests/golden/compression.json.

#include <stdexcept>
#include <string>
#include <vector>

#include "sim/core/json.h"

namespace telegrad::testing_support {

inline const Value& golden(const std::string& name) {
  static const Parsed file = read_json(std::string(TELEGRAD_SOURCE_DIR) + "/tests/golden/compression.json");
  for (const Value& entry : file.value.items()) {
    if (entry["name"].text() == name) return entry;
  }
  throw std::runtime_error("no golden entry " + name);
}

inline std::vector<double> doubles(const Value& list) {
  std::vector<double> values;
  for (const Value& item : list.items()) values.push_back(item.number());
  return values;
}

inline std::vector<float> floats(const Value& list) {
  std::vector<float> values;
  for (const Value& item : list.items()) values.push_back(static_cast<float>(item.number()));
  return values;
}

inline std::vector<std::uint32_t> indices(const Value& list) {
  std::vector<std::uint32_t> values;
  for (const Value& item : list.items()) values.push_back(static_cast<std::uint32_t>(item.integer()));
  return values;
}

}  // namespace telegrad::testing_support
