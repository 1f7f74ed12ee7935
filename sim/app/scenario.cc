#include "sim/app/scenario.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "sim/app/catalogues.h"
#include "sim/app/plugin.h"
#include "sim/app/scenario_table.h"
#include "sim/core/expectation.h"
#include "sim/core/json.h"
#include "sim/core/resolve.h"
#include "sim/core/schema.h"
#include "sim/sweep/grid.h"

namespace telegrad::app {
namespace {

/// "$schema" is the editor's, not ours.
Value without_schema_key(const Value& user, std::vector<Problem>& problems) {
  Value scenario = user;
  if (!scenario.is_object()) return scenario;
  const Value* schema = scenario.find("$schema");
  if (schema != nullptr && !schema->is_text()) {
    problems.push_back(Problem{"/$schema", 0, 0, "expected a text, found " + description_of(*schema), {}});
  }
  std::erase_if(scenario.members(), [](const Member& member) { return member.key == "$schema"; });
  return scenario;
}

/// What the reader refused already (it stands as null) is not refused again.
void drop_repeated(std::vector<Problem>& problems, std::size_t readers) {
  std::set<std::string> refused;
  for (std::size_t i = 0; i < readers; ++i) refused.insert(problems[i].pointer);
  auto first = problems.begin() + static_cast<std::ptrdiff_t>(readers);
  auto repeated = [&](const Problem& problem) { return refused.contains(problem.pointer); };
  problems.erase(std::remove_if(first, problems.end(), repeated), problems.end());
}

}  // namespace

void sort_by_place(std::vector<Problem>& problems) {
  std::stable_sort(problems.begin(), problems.end(), [](const Problem& a, const Problem& b) {
    return std::tuple(!a.origin.empty(), a.line, a.column) < std::tuple(!b.origin.empty(), b.line, b.column);
  });
}

Value resolve_scenario(const Value& user, std::vector<Problem>& problems) {
  std::size_t before = problems.size();
  Value settings = without_schema_key(user, problems);
  Value resolved = resolve(settings, scenario_table(&training_plugin()), all_catalogues(), problems);
  check_scenario(resolved, problems);
  if (problems.size() == before) complete_scenario(resolved);
  return resolved;
}

Scenario::Scenario(std::filesystem::path file, std::vector<std::string> overrides)
    : file_(std::move(file)), overrides_(std::move(overrides)) {
  Parsed parsed = read_json(file_);
  std::vector<Problem> problems = std::move(parsed.problems);
  if (!parsed.complete) throw ScenarioError(file_.string(), std::move(problems));
  user_ = std::move(parsed.value);
  std::size_t readers = problems.size();
  overrides_.apply(user_, problems);
  resolved_ = resolve_scenario(user_, problems);
  drop_repeated(problems, readers);
  if (!problems.empty()) throw located(std::move(problems));
}

ScenarioError Scenario::located(std::vector<Problem> problems) const {
  locate(problems, user_);
  overrides_.blame(problems);
  sort_by_place(problems);
  return ScenarioError(file_.string(), std::move(problems));
}

namespace {

Value with_editors_key(Value schema) {
  Value editors_key(
      Value::Object{{"type", Value("string")}, {"description", Value("this schema, for editors")}});
  Value* properties = schema.find("properties");
  properties->members().insert(properties->members().begin(), Member{"$schema", std::move(editors_key)});
  return schema;
}

}  // namespace

Value scenario_schema() {
  return with_editors_key(
      json_schema(scenario_table(&training_plugin()), all_catalogues(), "A scenario of telegrad"));
}

Value grid_schema() {
  return with_editors_key(json_schema(sweep::grid_table(), Catalogues(), "A grid of telegrad"));
}

}  // namespace telegrad::app
