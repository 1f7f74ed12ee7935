#include "sim/core/value.h"

#include <algorithm>

#include "sim/core/errors.h"

namespace telegrad {
namespace {

template <class T, class Data>
auto& held(Data& data, std::string_view kind) {
  auto* value = std::get_if<T>(&data);
  expect(value != nullptr, kind);
  return *value;
}

}  // namespace

Value::Value(Array value) : data_(std::move(value)) {}
Value::Value(Object value) : data_(std::move(value)) {}

bool Value::boolean() const { return held<bool>(data_, "a boolean"); }
std::int64_t Value::integer() const { return held<std::int64_t>(data_, "an integer"); }
double Value::number() const {
  return is_integer() ? static_cast<double>(integer()) : held<double>(data_, "a number");
}
const std::string& Value::text() const { return held<std::string>(data_, "a text"); }
const Value::Array& Value::items() const { return held<Array>(data_, "an array"); }
const Value::Object& Value::members() const { return held<Object>(data_, "an object"); }
Value::Array& Value::items() { return held<Array>(data_, "an array"); }
Value::Object& Value::members() { return held<Object>(data_, "an object"); }

const Value& Value::operator[](std::string_view key) const {
  const Value* value = find(key);
  expect(value != nullptr, key);
  return *value;
}

const Value* Value::find(std::string_view key) const { return const_cast<Value*>(this)->find(key); }

Value* Value::find(std::string_view key) {
  auto* object = std::get_if<Object>(&data_);
  if (object == nullptr) return nullptr;
  auto at = std::find_if(object->begin(), object->end(), [&](const Member& m) { return m.key == key; });
  return at == object->end() ? nullptr : &at->value;
}

void Value::set(std::string_view key, Value value) {
  if (Value* present = find(key)) {
    *present = std::move(value);
  } else {
    members().push_back(Member{std::string(key), std::move(value)});
  }
}

bool Value::operator==(const Value& other) const { return data_ == other.data_; }

Value texts(const std::vector<std::string>& all) { return Value::Array(all.begin(), all.end()); }

}  // namespace telegrad
