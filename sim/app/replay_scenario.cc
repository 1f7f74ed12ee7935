#include "sim/app/replay_scenario.h"

#include "sim/app/catalogues.h"
#include "sim/app/scenario.h"
#include "sim/app/scenario_table.h"
#include "sim/app/simulated_device.h"
#include "sim/core/expectation.h"
#include "sim/core/json.h"
#include "sim/core/override.h"
#include "sim/core/pointer.h"
#include "sim/core/resolve.h"
#include "sim/programs/programs.h"
#include "sim/sweep/trace.h"

namespace telegrad::app {
namespace {

/// Whether all that a user wrote stands in what was resolved then.
bool agrees(const Value& user, const Value& resolved) {
  if (!user.is_object() || !resolved.is_object()) {
    bool numbers = user.is_number() && resolved.is_number();
    return numbers ? user.number() == resolved.number() : user == resolved;
  }
  for (const Member& member : user.members()) {
    const Value* known = resolved.find(member.key);
    if (known == nullptr || !agrees(member.value, *known)) return false;
  }
  return true;
}

Problem problem(std::string at, std::string message, std::string remedy = {}) {
  return Problem{std::move(at), 0, 0, std::move(message), std::move(remedy)};
}

void put(Value::Object& settings, const char* pointer, const Value* value) {
  if (value != nullptr && !value->is_null()) settings.push_back({pointer, *value});
}

}  // namespace

Recorded recorded_by_telegrad(const Recording& recording, const std::string& name) {
  Value made = parse_json(recording.key).value;
  Value::Object settings;
  put(settings, "/workers", made.find("workers"));
  put(settings, "/seeds/training", made.find("training_seed"));
  put(settings, "/training", made.find("training"));
  put(settings, "/compression", made.find("compression"));
  put(settings, "/program", made.find("program"));
  put(settings, "/evaluation/every_rounds", made.find("every_rounds"));
  put(settings, "/evaluation/split", made.find("split"));
  put(settings, "/stop/max_rounds", made.find("max_rounds"));
  put(settings, "/stop/accuracy", made.find("accuracy"));
  if (settings.size() < 8) {
    throw RunError(Failure::bad_data,
                   name + ": this recording does not say what it was made with; record it again");
  }
  return {std::move(settings), "the recording " + name};
}

Recorded recorded_by_others(const Recording& recording, const std::string& name) {
  sweep::TraceSize size = sweep::size_of(recording);
  Value::Object settings{{"/workers", std::int64_t{size.workers}},
                         {"/training", Value::Object{{"trace", name}}},
                         {"/compression", Value(Value::Object{})},
                         {"/evaluation/every_rounds", 1},
                         {"/evaluation/split", "test"},
                         {"/stop/max_rounds", static_cast<std::int64_t>(size.rounds)}};
  return {std::move(settings), "the trace " + name};
}

Value resolve_replay(const std::filesystem::path& file, const std::vector<std::string>& overrides,
                     const Recorded& recorded) {
  Parsed parsed = read_json(file);
  std::vector<Problem> problems = std::move(parsed.problems);
  if (!parsed.complete) throw ScenarioError(file.string(), std::move(problems));
  Value user = std::move(parsed.value);
  Overrides changes(overrides);
  changes.apply(user, problems);
  Value whole = user;
  if (whole.is_object()) {
    remove_at(whole, "/$schema");
    if (whole.find("stop") == nullptr) whole.set("stop", Value::Object{});
    if (whole.find("name") == nullptr) whole.set("name", file.stem().string());
    for (const Member& setting : recorded.settings.members()) {
      const Value* given = find_at(user, setting.key);
      bool own = setting.key == "/training" || setting.key == "/compression";
      bool trace = own && recorded.settings["/training"].find("trace") != nullptr;
      if (given != nullptr && !trace && !agrees(*given, setting.value)) {
        problems.push_back(problem(setting.key,
                                   recorded.made_by + " was made with another: " + dump_json(setting.value),
                                   "leave it out, or make a recording with this one"));
      }
      if (own) {
        remove_at(whole, setting.key);
      } else {
        set_at(whole, setting.key, setting.value);
      }
    }
  }
  Value resolved = resolve(whole, scenario_table(nullptr), light_catalogues(), problems);
  check_scenario(resolved, problems);
  if (!problems.empty()) {
    locate(problems, user);
    changes.blame(problems);
    sort_by_place(problems);
    throw ScenarioError(file.string(), std::move(problems));
  }
  resolved.set("training", recorded.settings["/training"]);
  resolved.set("compression", recorded.settings["/compression"]);
  return resolved;
}

void check_replay(const Value& scenario, const LinkFacts& link, const Recording& recording,
                  const std::filesystem::path& file) {
  std::string why = link_dependence(scenario, link);
  if (!why.empty()) {
    throw ScenarioError(file.string(), {problem("", "nothing recorded can be played over it, because " + why,
                                                "run it coupled, or choose a network that loses nothing")});
  }
  Value made = parse_json(recording.key).value;
  if (programs::cohort_of(scenario["program"]) > 0 && made.find("program") == nullptr) {
    throw ScenarioError(file.string(), {problem("/program/clients_per_round",
                                                "a log does not say which workers were drawn for a round",
                                                "leave it at 0, or make a recording with run --record")});
  }
  const Value* timed = made.find("measured");
  if (measured(scenario["simulated_device"]) && (timed == nullptr || !timed->boolean())) {
    throw ScenarioError(file.string(), {problem("/simulated_device/profile",
                                                "nothing was measured when the recording was made",
                                                "record a run with this profile, or choose another")});
  }
  const Value* limit = made.find("block_bytes");
  if (limit == nullptr) return;
  if (limit->integer() != link.limit_up) {
    throw ScenarioError(file.string(),
                        {problem("/network",
                                 "its largest block is " + std::to_string(link.limit_up) +
                                     " bytes, the recording was cut into " + plain_number(limit->number()),
                                 "make a recording over a network like this one")});
  }
}

}  // namespace telegrad::app
