#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include <rapidcheck/gtest.h>

#include "sim/core/json.h"
#include "sim/core/pointer.h"

namespace rc {

template <>
struct Arbitrary<telegrad::Value> {
  using Value = telegrad::Value;

  static Gen<std::string> any_text() {
    // Characters of one to four bytes, quotes, escapes and controls; never U+0000.
    auto piece = gen::element<std::string>("a", "/", "~", "\"", "\\", "\n", "\t", "\x01", "\x7f", "é", "€",
                                           "😀", " ", "0");
    return gen::map(gen::container<std::vector<std::string>>(piece),
                    [](const std::vector<std::string>& pieces) {
                      std::string text;
                      for (const std::string& each : pieces) text += each;
                      return text;
                    });
  }

  static Gen<double> finite() {
    return gen::suchThat(gen::map(gen::arbitrary<std::uint64_t>(),
                                  [](std::uint64_t bits) {
                                    double number = 0;
                                    std::memcpy(&number, &bits, sizeof number);
                                    return number;
                                  }),
                         [](double number) { return std::isfinite(number); });
  }

  static Gen<Value> any_value(int depth) {
    auto plain = gen::oneOf(gen::map(gen::arbitrary<bool>(), [](bool b) { return Value(b); }),
                            gen::map(gen::arbitrary<std::int64_t>(), [](std::int64_t i) { return Value(i); }),
                            gen::map(finite(), [](double d) { return Value(d); }),
                            gen::map(any_text(), [](std::string s) { return Value(std::move(s)); }),
                            gen::just(Value()));
    if (depth == 0) return plain;
    auto list = gen::map(gen::resize(5, gen::container<std::vector<Value>>(any_value(depth - 1))),
                         [](std::vector<Value> items) { return Value(std::move(items)); });
    auto pairs = gen::resize(5, gen::container<std::vector<std::pair<std::string, Value>>>(
                                    gen::pair(any_text(), any_value(depth - 1))));
    auto object = gen::map(pairs, [](const std::vector<std::pair<std::string, Value>>& members) {
      Value value{Value::Object{}};
      for (const auto& [key, member] : members) value.set(key, member);
      return value;
    });
    return gen::oneOf(plain, list, object);
  }

  static Gen<Value> arbitrary() { return any_value(3); }
};

}  // namespace rc

namespace telegrad {
namespace {

RC_GTEST_PROP(JsonProperty, WhatIsDumpedReadsBackTheSame, (const Value& value)) {
  for (int indent : {0, 2}) {
    Parsed parsed = parse_json(dump_json(value, indent));
    RC_ASSERT(parsed.problems.empty());
    RC_ASSERT(parsed.value == value);
    RC_ASSERT(dump_json(parsed.value, indent) == dump_json(value, indent));
  }
}

RC_GTEST_PROP(JsonProperty, EveryPlaceHasAPointerThatFindsAndSetsIt, (Value root)) {
  Value expected = root;
  std::vector<std::pair<std::string, Value>> open{{"", root}};
  while (!open.empty()) {
    auto [pointer, value] = open.back();
    open.pop_back();
    const Value* found = find_at(root, pointer);
    RC_ASSERT(found != nullptr);
    RC_ASSERT(*found == value);
    RC_ASSERT(set_at(root, pointer, value).empty());
    RC_ASSERT(root == expected);
    if (value.is_object()) {
      for (const Member& m : value.members()) open.emplace_back(pointer + "/" + escape_step(m.key), m.value);
    } else if (value.is_array()) {
      for (std::size_t i = 0; i < value.items().size(); ++i) {
        open.emplace_back(pointer + "/" + std::to_string(i), value.items()[i]);
      }
    }
  }
}

RC_GTEST_PROP(JsonProperty, AnyTextEndsInAValueOrInProblemsWithinIt, (const std::string& text)) {
  Parsed parsed = parse_json(text);
  RC_ASSERT(parsed.complete || !parsed.problems.empty());
  for (const Problem& problem : parsed.problems) {
    RC_ASSERT(problem.line >= 0);
    RC_ASSERT(problem.line <= 1 + std::count(text.begin(), text.end(), '\n'));
  }
}

}  // namespace
}  // namespace telegrad
