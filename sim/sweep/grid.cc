#include "sim/sweep/grid.h"

#include <algorithm>

#include "sim/core/pointer.h"

namespace telegrad::sweep {
namespace {

bool names_label(const Value& rule, const std::string& label) {
  if (rule.is_text()) return rule.text() == label;
  return std::any_of(rule.items().begin(), rule.items().end(),
                     [&](const Value& one) { return one.text() == label; });
}

void put(Value& scenario, const std::string& pointer, const Value& value) {
  if (value.is_null()) {
    remove_at(scenario, pointer);
  } else {
    set_at(scenario, pointer, value);
  }
}

Value seeds_value(const Seeds& seeds) {
  return Value::Object{{"training", std::int64_t{seeds.training}}, {"network", std::int64_t{seeds.network}}};
}

}  // namespace

std::vector<Cell> Grid::cells() const {
  std::vector<Cell> all;
  for (const Seeds& pair : seeds) {
    std::vector<std::size_t> at(axes.size());
    for (bool more = true; more;) {
      Cell cell{.number = 0, .labels = at, .seeds = pair, .scenario = {}};
      Value labels = labels_of(cell);
      bool excluded = std::any_of(exclude.begin(), exclude.end(), [&](const Value& rule) {
        return std::all_of(rule.members().begin(), rule.members().end(), [&](const Member& member) {
          return names_label(member.value, labels[member.key].text());
        });
      });
      if (!excluded) {
        cell.number = all.size();
        cell.scenario = base;
        for (std::size_t i = 0; i < axes.size(); ++i) {
          for (std::size_t j = 0; j < axes[i].pointers.size(); ++j) {
            put(cell.scenario, axes[i].pointers[j], axes[i].values[at[i]][j]);
          }
        }
        cell.scenario.set("seeds", seeds_value(pair));
        if (!targets.empty()) {
          set_at(cell.scenario, "/evaluation/targets", Value::Array(targets.begin(), targets.end()));
        }
        all.push_back(std::move(cell));
      }
      more = false;
      for (std::size_t i = axes.size(); i-- > 0 && !more;) {  // the last axis runs fastest
        more = ++at[i] < axes[i].labels.size();
        if (!more) at[i] = 0;
      }
    }
  }
  return all;
}

Value Grid::labels_of(const Cell& cell) const {
  Value::Object labels;
  for (std::size_t i = 0; i < axes.size(); ++i)
    labels.push_back({axes[i].name, axes[i].labels[cell.labels[i]]});
  return labels;
}

std::string Grid::name_of(const Cell& cell) const {
  std::string text;
  for (std::size_t i = 0; i < axes.size(); ++i) {
    text += axes[i].name + " " + axes[i].labels[cell.labels[i]] + ", ";
  }
  return text + "seeds " + std::to_string(cell.seeds.training) + "/" + std::to_string(cell.seeds.network);
}

}  // namespace telegrad::sweep
