#include "sim/core/plain_setting.h"

#include <algorithm>
#include <cmath>

#include "sim/core/expectation.h"
#include "sim/core/pointer.h"
#include "sim/core/quote.h"

namespace telegrad {
namespace {

using Kind = Parameter::Kind;
using Problems = std::vector<Problem>;
using Setting = std::optional<Value>;

void add(Problems& problems, std::string at, std::string message, std::string remedy = {}) {
  problems.push_back(Problem{std::move(at), 0, 0, std::move(message), std::move(remedy)});
}

Setting mismatch(const Value& user, const Parameter& parameter, const std::string& at, Problems& problems) {
  add_mismatch(user, parameter, at, problems);
  return std::nullopt;
}

Setting number(const Value& user, const Parameter& parameter, const std::string& at, Problems& problems) {
  bool integer = parameter.kind == Kind::integer;
  if (!(integer ? user.is_integer() : user.is_number())) return mismatch(user, parameter, at, problems);
  double value = user.number();
  bool too_low = parameter.minimum_excluded ? value <= parameter.minimum : value < parameter.minimum;
  if (too_low || value > parameter.maximum) {
    add(problems, at, plain_number(value) + " is out of range, expected " + expectation(parameter));
    return std::nullopt;
  }
  return integer ? user : Value(value);
}

bool length_fits(std::size_t length, const Parameter& parameter, const std::string& at, Problems& problems) {
  if (length >= parameter.shortest && length <= parameter.longest) return true;
  add(problems, at, "its length is " + std::to_string(length) + ", expected " + expectation(parameter));
  return false;
}

Setting text(const Value& user, const Parameter& parameter, const std::string& at, Problems& problems) {
  if (!user.is_text()) return mismatch(user, parameter, at, problems);
  auto begins_character = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; };
  auto length = std::count_if(user.text().begin(), user.text().end(), begins_character);
  if (!length_fits(static_cast<std::size_t>(length), parameter, at, problems)) return std::nullopt;
  return user;
}

Setting chosen(const Value& user, const Parameter& parameter, const std::string& at, Problems& problems) {
  const auto& choices = parameter.choices;
  if (user.is_text() && std::find(choices.begin(), choices.end(), user.text()) != choices.end()) return user;
  add_unknown(user, choices, at, problems);
  return std::nullopt;
}

Setting map(const Value& user, const Parameter& parameter, const std::string& at, Problems& problems) {
  if (!user.is_object()) return mismatch(user, parameter, at, problems);
  std::size_t wrong = 0;
  for (const Member& member : user.members()) {
    const Value& value = member.value;
    if (value.is_number() || value.is_text() || value.is_boolean()) continue;
    if (++wrong > kMostAlike) break;
    add(problems, at + "/" + escape_step(member.key),
        "expected a number, a text or a boolean, found " + description_of(value));
  }
  return wrong == 0 ? Setting(user) : std::nullopt;
}

Setting point(const Value& user, const Parameter& coordinate, const std::string& at, Problems& problems) {
  if (!user.is_array() || user.items().size() != 2) {
    std::string unit = coordinate.unit.empty() ? "" : ", in " + coordinate.unit;
    add(problems, at, "expected a point [x, y]" + unit + ", found " + description_of(user));
    return std::nullopt;
  }
  Setting x = number(user.items()[0], coordinate, at + "/0", problems);
  Setting y = number(user.items()[1], coordinate, at + "/1", problems);
  if (!x || !y) return std::nullopt;
  return Value(Value::Array{std::move(*x), std::move(*y)});
}

Parameter element_of(const Parameter& list) {
  Kind kind = list.kind == Kind::integers ? Kind::integer
              : list.kind == Kind::texts  ? Kind::text
                                          : Kind::real;
  Parameter element(kind, "", "");
  element.minimum = list.minimum;
  element.maximum = list.maximum;
  element.minimum_excluded = list.minimum_excluded;
  element.unit = list.unit;
  return element;
}

Setting list(const Value& user, const Parameter& parameter, const std::string& at, Problems& problems) {
  if (!user.is_array()) return mismatch(user, parameter, at, problems);
  if (!length_fits(user.items().size(), parameter, at, problems)) return std::nullopt;
  Parameter element = element_of(parameter);
  Value::Array resolved;
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < user.items().size() && wrong < kMostAlike; ++i) {
    std::string here = at + "/" + std::to_string(i);
    const Value& given = user.items()[i];
    Setting item = parameter.kind == Kind::points ? point(given, element, here, problems)
                                                  : resolve_plain(given, element, here, problems);
    if (item) {
      resolved.push_back(std::move(*item));
    } else {
      ++wrong;
    }
  }
  return wrong == 0 ? Setting(Value(std::move(resolved))) : std::nullopt;
}

}  // namespace

std::optional<Value> resolve_plain(const Value& user, const Parameter& parameter, const std::string& at,
                                   Problems& problems) {
  switch (parameter.kind) {
    case Kind::boolean: return user.is_boolean() ? Setting(user) : mismatch(user, parameter, at, problems);
    case Kind::integer:
    case Kind::real: return number(user, parameter, at, problems);
    case Kind::text: return text(user, parameter, at, problems);
    case Kind::choice: return chosen(user, parameter, at, problems);
    case Kind::map: return map(user, parameter, at, problems);
    case Kind::any: return user;
    case Kind::integers:
    case Kind::reals:
    case Kind::texts:
    case Kind::points: return list(user, parameter, at, problems);
    case Kind::object:
    case Kind::typed: break;
  }
  expect(false, "a setting without settings of its own");
  return std::nullopt;
}

void add_unknown(const Value& user, const std::vector<std::string>& names, const std::string& at,
                 Problems& problems) {
  std::optional<std::string> meant = user.is_text() ? nearest(user.text(), names) : std::nullopt;
  std::string remedy = meant ? "did you mean " + quote(*meant) + "?" : "";
  add(problems, at, "expected " + one_of(quote_all(names)) + ", found " + description_of(user),
      std::move(remedy));
}

void add_mismatch(const Value& user, const Parameter& parameter, const std::string& at, Problems& problems) {
  bool bare =
      parameter.kind == Kind::integer || parameter.kind == Kind::real || parameter.kind == Kind::boolean;
  std::string remedy;
  if (bare && user.is_text()) {
    remedy = "write it without quotes";
  } else if (parameter.kind == Kind::integer && user.is_number()) {
    double value = user.number();
    bool whole = std::floor(value) == value && std::abs(value) < 1e15;
    if (whole)
      remedy = "write " + std::to_string(static_cast<std::int64_t>(value)) + ", without point and exponent";
  }
  add(problems, at, "expected " + expectation(parameter) + ", found " + description_of(user),
      std::move(remedy));
}

}  // namespace telegrad
