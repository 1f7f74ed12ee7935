#include "sim/core/resolve.h"

#include <cmath>

#include "sim/core/expectation.h"
#include "sim/core/json.h"
#include "sim/core/pointer.h"
#include "sim/core/quote.h"

namespace telegrad {
namespace {

using Kind = Parameter::Kind;

/// One walk through what the user wrote.
class Resolver {
 public:
  Resolver(const Catalogues& catalogues, std::vector<Problem>& problems)
      : catalogues_(catalogues), problems_(problems) {}

  Value object(const Value& user, const Table& table, const std::string& at, bool has_type = false) {
    Value::Object resolved;
    if (has_type) resolved.push_back(Member{"type", user["type"]});
    refuse_unknown_keys(user, table, at, has_type);
    for (const Parameter& parameter : table) {
      const Value* given = user.find(parameter.name);
      std::string here = at + "/" + escape_step(parameter.name);
      std::size_t before = problems_.size();
      std::optional<Value> value;
      if (given != nullptr) {
        value = setting(*given, parameter, here);
      } else if (parameter.fallback) {
        value = setting(*parameter.fallback, parameter, here);
      } else if (!parameter.fallback_json.empty()) {
        value = setting(trusted_json(parameter.fallback_json), parameter, here);
      } else if (!parameter.omittable) {
        problem(here, "missing, expected " + expectation(parameter), parameter.help);
      }
      expect(given != nullptr || parameter.required() || problems_.size() == before, "a default that fits: " + here);
      if (value) resolved.push_back(Member{parameter.name, std::move(*value)});
    }
    return Value(std::move(resolved));
  }

  std::optional<Value> typed(const Value& user, const Catalogue& catalogue, const std::string& at) {
    const Value* type = user.find("type");
    std::vector<std::string> names;
    for (const Description& entry : catalogue.entries) names.push_back(entry.name);
    if (type == nullptr) {
      problem(at + "/type", "missing, expected " + choices(names));
      return std::nullopt;
    }
    const Description* entry = type->is_text() ? catalogue.find(type->text()) : nullptr;
    if (entry == nullptr) {
      unknown(at + "/type", *type, names);
      return std::nullopt;
    }
    std::size_t before = problems_.size();
    Value resolved = object(user, entry->parameters, at, true);
    if (problems_.size() == before && entry->check) {
      entry->check(resolved, problems_);
      for (std::size_t i = before; i < problems_.size(); ++i) problems_[i].pointer.insert(0, at);
    }
    return resolved;
  }

 private:
  std::optional<Value> setting(const Value& user, const Parameter& parameter, const std::string& at) {
    switch (parameter.kind) {
      case Kind::boolean: return user.is_boolean() ? std::optional(user) : mismatch(user, parameter, at);
      case Kind::integer:
      case Kind::real: return number(user, parameter, at, parameter.kind == Kind::integer);
      case Kind::text: return text(user, parameter, at);
      case Kind::choice: return chosen(user, parameter, at);
      case Kind::object:
        if (!user.is_object()) return mismatch(user, parameter, at);
        return object(user, parameter.table, at);
      case Kind::typed:
        if (!user.is_object()) return mismatch(user, parameter, at);
        return typed(user, catalogues_.at(parameter.catalogue), at);
      case Kind::map: return map(user, parameter, at);
      case Kind::integers:
      case Kind::reals:
      case Kind::texts:
      case Kind::points: return list(user, parameter, at);
    }
    return std::nullopt;
  }

  std::optional<Value> number(const Value& user, const Parameter& parameter, const std::string& at, bool integer) {
    if (!(integer ? user.is_integer() : user.is_number())) return mismatch(user, parameter, at);
    double value = user.number();
    bool too_low = parameter.minimum_excluded ? value <= parameter.minimum : value < parameter.minimum;
    if (too_low || value > parameter.maximum) {
      problem(at, plain_number(value) + " is out of range, expected " + expectation(parameter));
      return std::nullopt;
    }
    return integer ? user : Value(value);
  }

  std::optional<Value> text(const Value& user, const Parameter& parameter, const std::string& at) {
    if (!user.is_text()) return mismatch(user, parameter, at);
    std::size_t length = 0;
    for (char c : user.text()) length += (static_cast<unsigned char>(c) & 0xC0) != 0x80 ? 1 : 0;
    if (!length_fits(length, parameter, at)) return std::nullopt;
    return user;
  }

  std::optional<Value> chosen(const Value& user, const Parameter& parameter, const std::string& at) {
    for (const std::string& each : parameter.choices) {
      if (user.is_text() && user.text() == each) return user;
    }
    unknown(at, user, parameter.choices);
    return std::nullopt;
  }

  std::optional<Value> map(const Value& user, const Parameter& parameter, const std::string& at) {
    if (!user.is_object()) return mismatch(user, parameter, at);
    for (const Member& member : user.members()) {
      const Value& value = member.value;
      if (value.is_number() || value.is_text() || value.is_boolean()) continue;
      problem(at + "/" + escape_step(member.key), "expected a number, a text or a boolean, found " + description_of(value));
    }
    return user;
  }

  std::optional<Value> list(const Value& user, const Parameter& parameter, const std::string& at) {
    if (!user.is_array()) return mismatch(user, parameter, at);
    if (!length_fits(user.items().size(), parameter, at)) return std::nullopt;
    Value::Array resolved;
    for (std::size_t i = 0; i < user.items().size(); ++i) {
      std::optional<Value> item = element(user.items()[i], parameter, at + "/" + std::to_string(i));
      if (item) resolved.push_back(std::move(*item));
    }
    if (resolved.size() != user.items().size()) return std::nullopt;
    return Value(std::move(resolved));
  }

  std::optional<Value> element(const Value& user, const Parameter& list, const std::string& at) {
    Parameter one(Kind::real, "", "");
    one.minimum = list.minimum;
    one.maximum = list.maximum;
    one.minimum_excluded = list.minimum_excluded;
    one.unit = list.unit;
    if (list.kind == Kind::texts) {
      one.kind = Kind::text;
      return setting(user, one, at);
    }
    if (list.kind != Kind::points) return number(user, one, at, list.kind == Kind::integers);
    if (!user.is_array() || user.items().size() != 2) {
      problem(at, "expected a point [x, y]" + (list.unit.empty() ? "" : ", in " + list.unit) + ", found " + description_of(user));
      return std::nullopt;
    }
    std::optional<Value> x = number(user.items()[0], one, at + "/0", false);
    std::optional<Value> y = number(user.items()[1], one, at + "/1", false);
    if (!x || !y) return std::nullopt;
    return Value(Value::Array{std::move(*x), std::move(*y)});
  }

  bool length_fits(std::size_t length, const Parameter& parameter, const std::string& at) {
    if (length >= parameter.shortest && length <= parameter.longest) return true;
    problem(at, "its length is " + std::to_string(length) + ", expected " + expectation(parameter));
    return false;
  }

  void refuse_unknown_keys(const Value& user, const Table& table, const std::string& at, bool has_type) {
    std::vector<std::string> known;
    if (has_type) known.push_back("type");
    for (const Parameter& parameter : table) known.push_back(parameter.name);
    for (const Member& member : user.members()) {
      if (std::find(known.begin(), known.end(), member.key) != known.end()) continue;
      std::vector<std::string> free;  // a key that is there already is not what was meant
      for (const std::string& name : known) {
        if (user.find(name) == nullptr) free.push_back(name);
      }
      std::optional<std::string> meant = nearest(member.key, free);
      if (!meant) meant = nearest(member.key, known);
      problem(at + "/" + escape_step(member.key), "unknown key " + quote(member.key),
              meant ? "did you mean '" + *meant + "'?" : known.empty() ? "no keys are known here" : "known keys: " + one_of(known));
    }
  }

  static std::string choices(const std::vector<std::string>& names) {
    std::vector<std::string> quotes;
    for (const std::string& name : names) quotes.push_back(quote(name));
    return one_of(quotes);
  }

  void unknown(const std::string& at, const Value& value, const std::vector<std::string>& names) {
    std::optional<std::string> meant = value.is_text() ? nearest(value.text(), names) : std::nullopt;
    problem(at, "expected " + choices(names) + ", found " + description_of(value),
            meant ? "did you mean '" + *meant + "'?" : "");
  }

  std::optional<Value> mismatch(const Value& user, const Parameter& parameter, const std::string& at) {
    bool only_text = (parameter.kind == Kind::integer || parameter.kind == Kind::real || parameter.kind == Kind::boolean) && user.is_text();
    bool whole = parameter.kind == Kind::integer && user.is_number() && std::floor(user.number()) == user.number() && std::abs(user.number()) < 1e15;
    std::string remedy = only_text ? "write it without quotes" : whole ? "write " + plain_number(user.number()) + " without point and exponent" : "";
    problem(at, "expected " + expectation(parameter) + ", found " + description_of(user), remedy);
    return std::nullopt;
  }

  void problem(std::string at, std::string message, std::string remedy = {}) {
    problems_.push_back(Problem{std::move(at), 0, 0, std::move(message), std::move(remedy)});
  }

  const Catalogues& catalogues_;
  std::vector<Problem>& problems_;
};

}  // namespace
