#include "sim/results/stored_object.h"

#include "sim/core/errors.h"

namespace telegrad::results {

const Value& StoredObject::at(const char* key) const {
  const Value* value = object_.find(key);
  if (value == nullptr) refuse(key);
  return *value;
}

const std::string& StoredObject::text(const char* key) const {
  if (!at(key).is_text()) refuse(key);
  return at(key).text();
}

double StoredObject::number(const char* key) const {
  if (!at(key).is_number()) refuse(key);
  return at(key).number();
}

std::optional<double> StoredObject::optional_number(const char* key) const {
  return at(key).is_null() ? std::nullopt : std::optional(number(key));
}

std::uint64_t StoredObject::count(const char* key) const {
  if (!at(key).is_integer() || at(key).integer() < 0) refuse(key);
  return static_cast<std::uint64_t>(at(key).integer());
}

const Value::Array& StoredObject::items(const char* key) const {
  if (!at(key).is_array()) refuse(key);
  return at(key).items();
}

std::vector<std::string> StoredObject::texts(const char* key) const {
  std::vector<std::string> all;
  for (const Value& one : items(key)) {
    if (!one.is_text()) refuse(key);
    all.push_back(one.text());
  }
  return all;
}

void StoredObject::refuse(const char* key) const {
  throw RunError(Failure::bad_data,
                 name_ + ": the " + what_ + " is damaged ('" + key + "' is missing or of the wrong kind)");
}

}  // namespace telegrad::results
