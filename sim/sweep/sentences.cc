#include "sim/sweep/sentences.h"

#include <algorithm>

#include "sim/core/json.h"
#include "sim/results/schema.h"

namespace telegrad::sweep {
namespace {

void write(const char* key, const Value& list, const results::Database& database) {
  database.prepare("INSERT OR REPLACE INTO meta VALUES (?, ?)").run(key, dump_json(list));
}

}  // namespace

void Sentences::begin(const results::Database& database) {
  for (const char* key : {"assumptions", "not_modelled", "warnings"}) write(key, Value::Array{}, database);
}

void Sentences::add(const char* key, const std::vector<std::string>& sentences,
                    const results::Database& database) {
  auto [list, first] = known_.try_emplace(key);
  if (first) list->second = results::read_meta(database, key);
  if (!list->second.is_array()) list->second = Value::Array{};
  auto& items = list->second.items();
  std::size_t before = items.size();
  for (const std::string& sentence : sentences) {
    Value one(sentence);
    if (std::find(items.begin(), items.end(), one) == items.end()) items.push_back(std::move(one));
  }
  if (items.size() > before) write(key, list->second, database);
}

void Sentences::add(const results::Digest& digest, const results::Database& database) {
  add("assumptions", digest.assumptions, database);
  add("not_modelled", digest.not_modelled, database);
  add("warnings", digest.warnings, database);
}

}  // namespace telegrad::sweep
