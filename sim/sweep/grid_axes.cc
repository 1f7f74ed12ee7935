#include "sim/sweep/grid_axes.h"

#include <algorithm>
#include <set>

#include "sim/core/expectation.h"
#include "sim/core/json.h"
#include "sim/core/pointer.h"
#include "sim/core/quote.h"

namespace telegrad::sweep {
namespace {

using Problems = std::vector<Problem>;

std::string label_of(const Value& value) {
  if (value.is_null()) return "none";
  if (value.is_text()) return value.text();
  return value.is_number() ? plain_number(value.number()) : dump_json(value);
}

void add(Problems& problems, std::string at, std::string message, std::string remedy = {}) {
  problems.push_back(Problem{std::move(at), 0, 0, std::move(message), std::move(remedy)});
}

void mismatch(Problems& problems, const std::string& at, const char* expected, const Value& found) {
  add(problems, at, std::string("expected ") + expected + ", found " + description_of(found));
}

/// "/network/device_rate_mbps": [1, 2, 4]
Axis pointer_axis(const Member& member, const std::string& at, Problems& problems) {
  Axis axis;
  check_pointer(member.key, at, problems);
  axis.name = member.key.substr(member.key.rfind('/') + 1);
  axis.pointers = {member.key};
  if (!member.value.is_array()) {
    mismatch(problems, at, "a list of values", member.value);
    return axis;
  }
  for (const Value& value : member.value.items()) {
    axis.labels.push_back(label_of(value));
    axis.values.push_back({value});
  }
  return axis;
}

/// "method": {"fp32": {"/compression/uplink": {...}, "/compression/downlink": {...}}, ...}
Axis labelled_axis(const Member& member, const std::string& at, Problems& problems) {
  Axis axis;
  axis.name = member.key;
  if (!member.value.is_object()) {
    mismatch(problems, at, "an object {label: {pointer: value}}", member.value);
    return axis;
  }
  for (const Member& point : member.value.members()) {
    if (!point.value.is_object()) {
      mismatch(problems, at + "/" + escape_step(point.key), "an object {pointer: value}", point.value);
      return axis;
    }
    for (const Member& setting : point.value.members()) {
      check_pointer(setting.key, at + "/" + escape_step(point.key) + "/" + escape_step(setting.key),
                    problems);
      auto& pointers = axis.pointers;
      if (std::find(pointers.begin(), pointers.end(), setting.key) == pointers.end()) {
        pointers.push_back(setting.key);
      }
    }
  }
  for (const Member& point : member.value.members()) {
    axis.labels.push_back(point.key);
    std::vector<Value>& values = axis.values.emplace_back();
    for (const std::string& pointer : axis.pointers) {
      const Value* value = point.value.find(pointer);
      if (value == nullptr) {
        add(problems, at + "/" + escape_step(point.key),
            "lacks " + quote(pointer) + ", which other labels set", "give it a value, null for the default");
      } else {
        values.push_back(*value);
      }
    }
  }
  return axis;
}

}  // namespace

std::vector<Axis> read_axes(const Value& axes, Problems& problems) {
  std::vector<Axis> all;
  if (!axes.is_object()) {
    mismatch(problems, "/axes", "an object {axis: values}", axes);
    return all;
  }
  for (const Member& member : axes.members()) {
    std::string at = "/axes/" + escape_step(member.key);
    std::size_t before = problems.size();
    Axis axis = member.key.starts_with('/') ? pointer_axis(member, at, problems)
                                            : labelled_axis(member, at, problems);
    if (problems.size() != before) continue;
    if (axis.labels.empty()) {
      add(problems, at, "has no values", "give one at least");
      continue;
    }
    std::set<std::string> distinct(axis.labels.begin(), axis.labels.end());
    if (distinct.size() != axis.labels.size()) add(problems, at, "holds the same value twice");
    for (const Axis& other : all) {
      if (other.name == axis.name) add(problems, at, "another axis is named " + quote(axis.name));
      for (const std::string& pointer : axis.pointers) {
        if (std::find(other.pointers.begin(), other.pointers.end(), pointer) == other.pointers.end())
          continue;
        add(problems, at, "another axis moves " + quote(pointer) + " already");
      }
    }
    all.push_back(std::move(axis));
  }
  return all;
}

std::vector<Value> read_exclude(const Value& rules, const std::vector<Axis>& axes, Problems& problems) {
  std::vector<Value> all;
  if (!rules.is_array()) {
    mismatch(problems, "/exclude", "a list of objects {axis: label}", rules);
    return all;
  }
  for (std::size_t i = 0; i < rules.items().size(); ++i) {
    std::string at = "/exclude/" + std::to_string(i);
    const Value& rule = rules.items()[i];
    if (!rule.is_object() || rule.members().empty()) {
      mismatch(problems, at, "an object {axis: label or labels}", rule);
      continue;
    }
    Value::Object read;
    for (const Member& member : rule.members()) {
      std::string here = at + "/" + escape_step(member.key);
      const Axis* axis = axis_named(member.key, here, axes, problems);
      if (axis == nullptr) continue;
      Value::Array labels;
      Value::Array given = member.value.is_array() ? member.value.items() : Value::Array{member.value};
      for (const Value& one : given) {
        std::string label = label_of(one);
        if (std::find(axis->labels.begin(), axis->labels.end(), label) == axis->labels.end()) {
          add(problems, here, "axis " + quote(axis->name) + " has no " + quote(label),
              "it has " + one_of(quote_all(axis->labels)));
        }
        labels.emplace_back(label);
      }
      read.push_back({axis->name, std::move(labels)});
    }
    if (!read.empty()) all.emplace_back(std::move(read));
  }
  return all;
}

const Axis* axis_named(const std::string& name, const std::string& at, const std::vector<Axis>& axes,
                       Problems& problems) {
  std::vector<std::string> names;
  for (const Axis& axis : axes) {
    if (axis.name == name || (axis.pointers.size() == 1 && axis.pointers[0] == name)) return &axis;
    names.push_back(axis.name);
  }
  add(problems, at, "there is no axis " + quote(name),
      names.empty() ? "the grid has none" : "expected " + one_of(quote_all(names)));
  return nullptr;
}

void check_pointer(const std::string& pointer, const std::string& at, Problems& problems) {
  if (!pointer.starts_with('/') || !split_pointer(pointer)) {
    add(problems, at, quote(pointer) + " is no JSON pointer",
        "expected /key/key, as in /network/device_rate_mbps");
  } else if (lies_within(pointer, "/seeds")) {
    add(problems, at, "seeds are no axis", "give them in /seeds");
  } else if (lies_within(pointer, "/evaluation/targets")) {
    add(problems, at, "targets are no axis", "give them in /targets");
  }
}

}  // namespace telegrad::sweep
