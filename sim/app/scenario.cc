#include "sim/app/scenario.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "sim/app/catalogues.h"
#include "sim/app/plugin.h"
#include "sim/app/scenario_table.h"
#include "sim/core/expectation.h"
#include "sim/core/json.h"
#include "sim/core/override.h"
#include "sim/core/resolve.h"
#include "sim/core/schema.h"

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

void sort_by_place(std::vector<Problem>& problems) {
  std::stable_sort(problems.begin(), problems.end(), [](const Problem& a, const Problem& b) {
    return std::tuple(!a.origin.empty(), a.line, a.column) < std::tuple(!b.origin.empty(), b.line, b.column);
  });
}

}  // namespace

Value load_scenario(const std::filesystem::path& file, const std::vector<std::string>& overrides) {
  Parsed parsed = read_json(file);
  std::vector<Problem> problems = std::move(parsed.problems);
  if (!parsed.complete) throw ScenarioError(file.string(), std::move(problems));
  std::size_t readers = problems.size();
  Overrides given(overrides);
  given.apply(parsed.value, problems);
  Value user = without_schema_key(parsed.value, problems);
  Value resolved = resolve(user, scenario_table(training_plugin()), all_catalogues(), problems);
  check_scenario(resolved, problems);
  drop_repeated(problems, readers);
  locate(problems, parsed.value);
  given.blame(problems);
  sort_by_place(problems);
  if (!problems.empty()) throw ScenarioError(file.string(), std::move(problems));
  return resolved;
}

Value scenario_schema() {
  Value schema = json_schema(scenario_table(training_plugin()), all_catalogues(), "A scenario of telegrad");
  Value editors_key(Value::Object{{"type", Value("string")}, {"description", Value("this schema, for editors")}});
  Value* properties = schema.find("properties");
  properties->members().insert(properties->members().begin(), Member{"$schema", std::move(editors_key)});
  return schema;
}

}  // namespace telegrad::app
