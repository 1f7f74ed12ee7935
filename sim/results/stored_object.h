#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/core/value.h"

namespace telegrad::results {

/// Reads a JSON object that a program of ours wrote into a file, and trusts nothing in it: what is missing or of
/// the wrong kind is RunError(bad_data). Refers to what it is given.
class StoredObject final {
 public:
  /// name: of the file; what: "recording".
  StoredObject(const Value& object, const std::string& name, const char* what)
      : object_(object), name_(name), what_(what) {}

  const Value& at(const char* key) const;
  const std::string& text(const char* key) const;
  double number(const char* key) const;
  std::optional<double> optional_number(const char* key) const;  // null: nullopt
  std::uint64_t count(const char* key) const;
  const Value::Array& items(const char* key) const;
  std::vector<std::string> texts(const char* key) const;

  [[noreturn]] void refuse(const char* key) const;

 private:
  const Value& object_;
  const std::string& name_;
  const char* what_;
};

}  // namespace telegrad::results
