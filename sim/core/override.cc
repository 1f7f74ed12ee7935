#include "sim/core/override.h"

#include <algorithm>

#include "sim/core/json.h"
#include "sim/core/pointer.h"
#include "sim/core/quote.h"

namespace telegrad {
namespace {

/// Nothing of it stood in the file.
void forget_places(Value& value) {
  value.line = value.column = 0;
  if (value.is_array()) {
    for (Value& item : value.items()) forget_places(item);
  } else if (value.is_object()) {
    for (Member& member : value.members()) forget_places(member.value);
  }
}

bool too_deep(std::string_view pointer) {
  return std::count(pointer.begin(), pointer.end(), '/') > kDeepestJson;
}

/// As the door reads a file's texts: UTF-8 without U+0000.
bool is_text(const std::string& text) {
  Parsed parsed = parse_json(dump_json(Value(text)));
  return parsed.problems.empty();
}

}  // namespace

void Overrides::apply(Value& user, std::vector<Problem>& problems) {
  for (const std::string& argument : arguments_) {
    std::size_t equals = argument.find('=');
    std::string pointer = argument.substr(0, equals);
    std::string origin = "--set " + quote(argument);
    auto refuse = [&](std::string why) { problems.push_back(Problem{"", 0, 0, std::move(why), {}, origin}); };
    if (equals == std::string::npos || !argument.starts_with('/') || too_deep(pointer) || !is_text(pointer)) {
      refuse("expected /key/key=value, with a JSON pointer before the =");
      continue;
    }
    std::string given = argument.substr(equals + 1);
    Parsed parsed = parse_json(given);
    if (parsed.complete && !parsed.problems.empty()) {
      for (const Problem& problem : parsed.problems) refuse(problem.message);
      continue;
    }
    if (!parsed.complete && !is_text(given)) {
      refuse("the value is no UTF-8 text");
      continue;
    }
    Value value = parsed.complete ? std::move(parsed.value) : Value(std::move(given));
    forget_places(value);
    std::string why = value.is_null() ? remove_at(user, pointer) : set_at(user, pointer, std::move(value));
    if (!why.empty()) refuse(std::move(why));
    pointers_.push_back(std::move(pointer));
  }
}

void Overrides::blame(std::vector<Problem>& problems) const {
  for (Problem& problem : problems) {
    for (const std::string& pointer : pointers_) {
      bool made_the_way =
          problem.line == 0 && lies_within(pointer, problem.pointer) && !problem.pointer.empty();
      if (!made_the_way && !lies_within(problem.pointer, pointer)) continue;
      problem.origin = "--set " + pointer;
      problem.line = problem.column = 0;
    }
  }
}

}  // namespace telegrad
