#include "sim/core/resolve.h"

#include <algorithm>
#include <optional>

#include "sim/core/expectation.h"
#include "sim/core/json.h"
#include "sim/core/plain_setting.h"
#include "sim/core/pointer.h"
#include "sim/core/quote.h"

namespace telegrad {
namespace {

using Kind = Parameter::Kind;

enum class Head { none, type };  // whether the object's first member is its `type`

/// One walk through what the user wrote.
class Resolver {
 public:
  Resolver(const Catalogues& catalogues, std::vector<Problem>& problems)
      : catalogues_(catalogues), problems_(problems) {}

  Value object(const Value& user, const Table& table, const std::string& at, Head head) {
    Value::Object resolved;
    if (head == Head::type) resolved.push_back(Member{"type", user["type"]});
    refuse_unknown_keys(user, table, at, head);
    for (const Parameter& parameter : table) {
      std::string here = at + "/" + escape_step(parameter.name);
      const Value* given = user.find(parameter.name);
      std::optional<Value> value =
          given != nullptr ? setting(*given, parameter, here) : fallback(parameter, here);
      if (value) resolved.push_back(Member{parameter.name, std::move(*value)});
    }
    return Value(std::move(resolved));
  }

  std::optional<Value> typed(const Value& user, const Catalogue& catalogue, const std::string& at) {
    std::vector<std::string> names;
    for (const Description& entry : catalogue.entries) names.push_back(entry.name);
    const Value* type = user.find("type");
    if (type == nullptr) {
      problem(at + "/type", "missing, expected " + one_of(quote_all(names)));
      return std::nullopt;
    }
    const Description* entry = type->is_text() ? catalogue.find(type->text()) : nullptr;
    if (entry == nullptr) {
      add_unknown(*type, names, at + "/type", problems_);
      return std::nullopt;
    }
    std::size_t before = problems_.size();
    Value resolved = object(user, entry->parameters, at, Head::type);
    if (problems_.size() == before && entry->check) {
      entry->check(resolved, problems_);
      for (std::size_t i = before; i < problems_.size(); ++i) problems_[i].pointer.insert(0, at);
    }
    return resolved;
  }

 private:
  std::optional<Value> setting(const Value& user, const Parameter& parameter, const std::string& at) {
    if (parameter.kind != Kind::object && parameter.kind != Kind::typed) {
      return resolve_plain(user, parameter, at, problems_);
    }
    if (!user.is_object()) {
      add_mismatch(user, parameter, at, problems_);
      return std::nullopt;
    }
    if (parameter.kind == Kind::object) return object(user, parameter.table, at, Head::none);
    return typed(user, catalogues_.at(parameter.catalogue), at);
  }

  std::optional<Value> fallback(const Parameter& parameter, const std::string& at) {
    std::size_t before = problems_.size();
    std::optional<Value> value;
    if (parameter.fallback) {
      value = setting(*parameter.fallback, parameter, at);
    } else if (!parameter.fallback_json.empty()) {
      value = setting(trusted_json(parameter.fallback_json), parameter, at);
    } else if (!parameter.omittable) {
      problem(at, "missing, expected " + expectation(parameter) + ": " + parameter.help);
      return std::nullopt;
    }
    if (problems_.size() != before) expect(false, "a default that fits at " + at);
    return value;
  }

  void refuse_unknown_keys(const Value& user, const Table& table, const std::string& at, Head head) {
    std::vector<std::string> known;
    if (head == Head::type) known.push_back("type");
    for (const Parameter& parameter : table) known.push_back(parameter.name);
    std::vector<std::string> unused = known;  // a key that is there already is not what was meant
    std::erase_if(unused, [&](const std::string& name) { return user.find(name) != nullptr; });
    std::size_t unknown = 0;
    for (const Member& member : user.members()) {
      if (std::find(known.begin(), known.end(), member.key) != known.end()) continue;
      if (++unknown > kMostAlike) break;
      std::optional<std::string> meant = nearest(member.key, unused);
      if (!meant) meant = nearest(member.key, known);
      std::string remedy = meant           ? "did you mean " + quote(*meant) + "?"
                           : known.empty() ? "no keys are known here"
                                           : "known keys are " + one_of(known);
      problem(at + "/" + escape_step(member.key), "unknown key " + quote(member.key), std::move(remedy));
    }
  }

  void problem(std::string at, std::string message, std::string remedy = {}) {
    problems_.push_back(Problem{std::move(at), 0, 0, std::move(message), std::move(remedy)});
  }

  const Catalogues& catalogues_;
  std::vector<Problem>& problems_;
};

bool is_object(const Value& user, std::vector<Problem>& problems, const std::string& at) {
  if (!user.is_object()) add_mismatch(user, Parameter(Kind::object, "", ""), at, problems);
  return user.is_object();
}

}  // namespace

Value resolve(const Value& user, const Table& table, const Catalogues& catalogues,
              std::vector<Problem>& problems, const std::string& at) {
  if (!is_object(user, problems, at)) return Value(Value::Object{});
  return Resolver(catalogues, problems).object(user, table, at, Head::none);
}

Value resolve_typed(const Value& user, const Catalogue& catalogue, const Catalogues& catalogues,
                    std::vector<Problem>& problems, const std::string& at) {
  if (!is_object(user, problems, at)) return Value(Value::Object{});
  return Resolver(catalogues, problems).typed(user, catalogue, at).value_or(Value(Value::Object{}));
}

Value resolve_trusted(std::string_view text, const Catalogue& catalogue, const Catalogues& catalogues) {
  std::vector<Problem> problems;
  Value resolved = resolve_typed(trusted_json(text), catalogue, catalogues, problems);
  if (!problems.empty()) expect(false, problems.front().pointer + ": " + problems.front().message);
  return resolved;
}

void locate(std::vector<Problem>& problems, const Value& user) {
  for (Problem& problem : problems) {
    if (problem.line > 0) continue;
    const Value& nearest = nearest_at(user, problem.pointer);
    problem.line = nearest.line;
    problem.column = nearest.column;
  }
}

}  // namespace telegrad
