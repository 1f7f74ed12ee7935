#include <algorithm>
#include <regex>

#include "sim/app/scenario_table.h"
#include "sim/core/pointer.h"
#include "sim/exchanges/waits.h"

namespace telegrad::app {
namespace {

bool holds_samples_out(const Value& scenario) {
  const Value* held_out = find_at(scenario, "/training/dataset/validation");
  return held_out == nullptr || !held_out->is_integer() || held_out->integer() > 0;
}

/// What is there and sound of a scenario that may have mistakes.
class Checker {
 public:
  Checker(const Value& scenario, std::vector<Problem>& problems) : scenario_(scenario), problems_(problems) {}

  void stop_rules() {
    const Value* stop = find_at(scenario_, "/stop");
    if (stop == nullptr) return;
    bool endless = stop->find("max_rounds") == nullptr && stop->find("max_simulated_s") == nullptr;
    if (endless && !wrong_within("/stop")) {
      problem("/stop", "nothing ends the run", "give max_rounds or max_simulated_s");
    }
  }

  void cohort() {
    auto workers = integer("/workers");
    auto members = integer("/program/clients_per_round");
    if (!workers || !members || *members <= *workers) return;
    problem(
        "/program/clients_per_round",
        std::to_string(*members) + " clients cannot be drawn from " + std::to_string(*workers) + " workers",
        "give at most the number of workers, 0 for all");
  }

  void wait() {
    const Value* wait = find_at(scenario_, "/program/exchange/wait");
    auto workers = integer("/workers");
    if (wait == nullptr || !workers || wrong_within("/program/exchange/wait")) return;
    auto members = integer("/program/clients_per_round");
    const auto invited = static_cast<std::uint32_t>(members.value_or(0) > 0 ? *members : *workers);
    std::string why = exchanges::never_closes(*wait, invited);
    if (!why.empty()) problem("/program/exchange/wait", why, "ask for fewer");
  }

  /// Lists with an entry for each worker.
  void one_for_each_worker(const char* pointer) {
    const Value* list = find_at(scenario_, pointer);
    auto workers = integer("/workers");
    if (list == nullptr || !list->is_array() || !workers) return;
    auto length = static_cast<std::int64_t>(list->items().size());
    if (length == 0 || length == *workers) return;
    problem(pointer, "has " + std::to_string(length) + " entries, expected one for each of " +
                         std::to_string(*workers) + " workers");
  }

  void validation_split() {
    const Value* split = find_at(scenario_, "/evaluation/split");
    if (split == nullptr || split->text() == "test" || holds_samples_out(scenario_)) return;
    problem("/evaluation/split", "there is no validation split: /training/dataset/validation is 0",
            "evaluate on 'test', or hold samples out");
  }

  void host_device() {
    const Value* device = find_at(scenario_, "/host/device");
    if (device == nullptr || !device->is_text()) return;
    static const std::regex known("auto|cpu|cuda(:[0-9]{1,3})?");
    if (std::regex_match(device->text(), known)) return;
    problem("/host/device", "expected auto, cpu, cuda or cuda:0", {});
  }

 private:
  std::optional<std::int64_t> integer(const char* pointer) const {
    const Value* value = find_at(scenario_, pointer);
    return value == nullptr || !value->is_integer() ? std::nullopt : std::optional(value->integer());
  }

  bool wrong_within(std::string_view pointer) const {
    return std::any_of(problems_.begin(), problems_.end(),
                       [&](const Problem& known) { return lies_within(known.pointer, pointer); });
  }

  void problem(std::string pointer, std::string message, std::string remedy = {}) {
    problems_.push_back(Problem{std::move(pointer), 0, 0, std::move(message), std::move(remedy)});
  }

  const Value& scenario_;
  std::vector<Problem>& problems_;
};

}  // namespace

void check_scenario(const Value& resolved, std::vector<Problem>& problems) {
  Checker checker(resolved, problems);
  checker.stop_rules();
  checker.cohort();
  checker.wait();
  checker.one_for_each_worker("/network/placement/positions_m");
  checker.one_for_each_worker("/simulated_device/speed_factors");
  checker.validation_split();
  checker.host_device();
}

void complete_scenario(Value& resolved) {
  Value& evaluation = *resolved.find("evaluation");
  if (evaluation.find("split") == nullptr)
    evaluation.set("split", holds_samples_out(resolved) ? "both" : "test");
}

}  // namespace telegrad::app
