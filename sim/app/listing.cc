#include "sim/app/listing.h"

#include "sim/app/text_table.h"
#include "sim/core/expectation.h"
#include "sim/core/json.h"

namespace telegrad::app {
namespace {

std::optional<Value> default_of(const Parameter& parameter) {
  if (parameter.fallback) return *parameter.fallback;
  if (!parameter.fallback_json.empty()) return trusted_json(parameter.fallback_json);
  return std::nullopt;
}

std::string default_text(const Parameter& parameter) {
  auto value = default_of(parameter);
  return value ? dump_json(*value) : parameter.omittable ? "optional" : "required";
}

/// One row for each setting, those of inner objects under /outer/inner.
void add_rows(const Table& table, const std::string& prefix, std::vector<std::vector<std::string>>& rows) {
  for (const Parameter& parameter : table) {
    std::string name = prefix + parameter.name;
    rows.push_back({name, default_text(parameter), expectation(parameter) + ": " + parameter.help});
    if (parameter.kind == Parameter::Kind::object) add_rows(parameter.table, name + "/", rows);
  }
}

Value to_value(const Table& table) {
  Value::Array settings;
  for (const Parameter& parameter : table) {
    Value setting{Value::Object{}};
    setting.set("name", Value(parameter.name));
    setting.set("help", Value(parameter.help));
    setting.set("expected", Value(expectation(parameter)));
    if (!parameter.unit.empty()) setting.set("unit", Value(parameter.unit));
    setting.set("required", parameter.required());
    if (auto value = default_of(parameter)) setting.set("default", std::move(*value));
    if (!parameter.catalogue.empty()) setting.set("catalogue", Value(parameter.catalogue));
    if (!parameter.table.empty()) setting.set("settings", to_value(parameter.table));
    settings.push_back(std::move(setting));
  }
  return Value(std::move(settings));
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

}  // namespace

std::string topic_page(const Catalogue& catalogue) {
  std::vector<std::vector<std::string>> rows;
  for (const Description& entry : catalogue.entries) rows.push_back({entry.name, entry.summary});
  return catalogue.name + ": " + catalogue.summary + "\n" + text_table(rows, 2);
}

std::string entry_page(const Description& entry) {
  std::string page = entry.name + ": " + entry.summary + "\n";
  if (!entry.source.empty()) page += "source: " + entry.source + "\n";
  if (!entry.formula.empty()) page += "on the wire: " + entry.formula + "\n";
  if (!entry.traits.empty()) page += "traits: " + joined(entry.traits) + "\n";
  std::vector<std::vector<std::string>> rows{{"setting", "default", "takes"}};
  add_rows(entry.parameters, "", rows);
  if (rows.size() > 1) page += "\n" + text_table(rows, 2);
  if (!entry.example.empty()) page += "\nexample:\n  " + dump_json(trusted_json(entry.example)) + "\n";
  return page;
}

Value to_value(const Catalogue& catalogue) {
  Value::Array entries;
  for (const Description& entry : catalogue.entries) entries.push_back(to_value(entry));
  return Value(std::move(entries));
}

Value to_value(const Description& entry) {
  Value value{Value::Object{}};
  value.set("name", Value(entry.name));
  value.set("summary", Value(entry.summary));
  value.set("source", Value(entry.source));
  if (!entry.formula.empty()) value.set("on_the_wire", Value(entry.formula));
  if (!entry.traits.empty())
    value.set("traits", Value(Value::Array(entry.traits.begin(), entry.traits.end())));
  value.set("settings", to_value(entry.parameters));
  if (!entry.example.empty()) value.set("example", trusted_json(entry.example));
  return value;
}

}  // namespace telegrad::app
