#include "sim/core/pointer.h"

#include <algorithm>
#include <charconv>

#include "sim/core/quote.h"

namespace telegrad {
namespace {

/// The index a step names in an array of `size`; `size` itself for "-".
std::optional<std::size_t> index_of(std::string_view step, std::size_t size) {
  if (step == "-") return size;
  std::size_t index = 0;
  auto [end, error] = std::from_chars(step.data(), step.data() + step.size(), index);
  bool whole = error == std::errc{} && end == step.data() + step.size();
  bool leading_zero = step.size() > 1 && step.front() == '0';
  if (!whole || leading_zero || index > size) return std::nullopt;
  return index;
}

Value* child(Value& parent, const std::string& step) {
  if (!parent.is_array()) return parent.find(step);
  auto index = index_of(step, parent.items().size());
  return index && *index < parent.items().size() ? &parent.items()[*index] : nullptr;
}

std::string no_place_for(const std::string& step, const Value& parent) {
  if (!parent.is_array()) return "its parent is neither an object nor an array";
  return quote(step) + " is no index of an array of " + std::to_string(parent.items().size());
}

constexpr const char* kNoPointer =
    "not a JSON pointer: expected /key/key, with ~1 for / and ~0 for ~ in a key";

}  // namespace

std::string escape_step(std::string_view key) {
  std::string step;
  for (char c : key) {
    if (c == '~') {
      step += "~0";
    } else if (c == '/') {
      step += "~1";
    } else {
      step += c;
    }
  }
  return step;
}

std::optional<std::vector<std::string>> split_pointer(std::string_view pointer) {
  std::vector<std::string> steps;
  for (std::size_t i = 0; i < pointer.size(); ++i) {
    char c = pointer[i];
    if (c == '/') {
      steps.emplace_back();
      continue;
    }
    if (steps.empty()) return std::nullopt;
    if (c == '~') {
      if (++i == pointer.size() || (pointer[i] != '0' && pointer[i] != '1')) return std::nullopt;
      c = pointer[i] == '0' ? '~' : '/';
    }
    steps.back() += c;
  }
  return steps;
}

const Value* find_at(const Value& root, std::string_view pointer) {
  auto steps = split_pointer(pointer);
  if (!steps) return nullptr;
  const Value* at = &root;
  for (const std::string& step : *steps) {
    at = child(const_cast<Value&>(*at), step);
    if (at == nullptr) return nullptr;
  }
  return at;
}

const Value& nearest_at(const Value& root, std::string_view pointer) {
  const Value* at = &root;
  for (const std::string& step : split_pointer(pointer).value_or(std::vector<std::string>{})) {
    const Value* next = child(const_cast<Value&>(*at), step);
    if (next == nullptr) break;
    at = next;
  }
  return *at;
}

std::string set_at(Value& root, std::string_view pointer, Value value) {
  auto steps = split_pointer(pointer);
  if (!steps) return kNoPointer;
  Value* at = &root;
  for (std::size_t i = 0; i < steps->size(); ++i) {
    const std::string& step = (*steps)[i];
    Value* next = child(*at, step);
    if (next == nullptr) {
      if (at->is_object()) {
        at->members().push_back(Member{step, Value(Value::Object{})});
        next = &at->members().back().value;
      } else if (at->is_array() && index_of(step, at->items().size())) {
        next = &at->items().emplace_back(Value::Object{});
      } else {
        return no_place_for(step, *at);
      }
    }
    at = next;
  }
  *at = std::move(value);
  return {};
}

std::string remove_at(Value& root, std::string_view pointer) {
  auto steps = split_pointer(pointer);
  if (!steps || steps->empty()) return kNoPointer;
  Value* parent = &root;
  for (std::size_t i = 0; i + 1 < steps->size(); ++i) {
    parent = child(*parent, (*steps)[i]);
    if (parent == nullptr) return {};
  }
  const std::string& last = steps->back();
  if (parent->is_object()) {
    std::erase_if(parent->members(), [&](const Member& member) { return member.key == last; });
  } else if (Value* element = child(*parent, last)) {
    auto& items = parent->items();
    items.erase(items.begin() + (element - items.data()));
  }
  return {};
}

bool lies_within(std::string_view pointer, std::string_view ancestor) {
  return pointer.starts_with(ancestor) &&
         (pointer.size() == ancestor.size() || pointer[ancestor.size()] == '/');
}

}  // namespace telegrad
