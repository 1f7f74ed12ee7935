#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace telegrad {

struct Member;

/// A JSON value that remembers where it stood. Integers stay integers; members keep their order.
class Value {
 public:
  using Array = std::vector<Value>;
  using Object = std::vector<Member>;
  using Data = std::variant<std::nullptr_t, bool, std::int64_t, double, std::string, Array, Object>;

  Value() = default;
  Value(std::nullptr_t) {}
  Value(bool value) : data_(value) {}
  Value(int value) : data_(std::int64_t{value}) {}
  Value(std::int64_t value) : data_(value) {}
  Value(double value) : data_(value) {}
  Value(const char* value) : data_(std::string(value)) {}
  Value(std::string value) : data_(std::move(value)) {}
  Value(Array value);
  Value(Object value);

  bool is_null() const { return std::holds_alternative<std::nullptr_t>(data_); }
  bool is_boolean() const { return std::holds_alternative<bool>(data_); }
  bool is_integer() const { return std::holds_alternative<std::int64_t>(data_); }
  bool is_number() const { return is_integer() || std::holds_alternative<double>(data_); }
  bool is_text() const { return std::holds_alternative<std::string>(data_); }
  bool is_array() const { return std::holds_alternative<Array>(data_); }
  bool is_object() const { return std::holds_alternative<Object>(data_); }

  // Accessors of a resolved value: asking for the wrong kind or a missing key is our bug (expect).
  bool boolean() const;
  std::int64_t integer() const;
  double number() const;  // integers too
  const std::string& text() const;
  const Array& items() const;
  const Object& members() const;
  Array& items();
  Object& members();
  const Value& operator[](std::string_view key) const;

  /// nullptr when this is no object or has no such key.
  const Value* find(std::string_view key) const;
  Value* find(std::string_view key);
  /// Adds or replaces a member; this must be an object.
  void set(std::string_view key, Value value);

  const Data& data() const { return data_; }
  bool operator==(const Value& other) const;  // places do not count

  int line = 0;  // 1-based, 0 when not from a file
  int column = 0;

 private:
  Data data_ = nullptr;
};

struct Member {
  std::string key;
  Value value;
  bool operator==(const Member&) const = default;
};

/// A list of texts.
Value texts(const std::vector<std::string>& all);

}  // namespace telegrad
