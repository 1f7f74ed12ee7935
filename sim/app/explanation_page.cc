#include <cmath>

#include "sim/app/explanation.h"
#include "sim/app/text_table.h"
#include "sim/core/expectation.h"
#include "sim/core/json.h"
#include "sim/core/pointer.h"
#include "sim/results/words.h"

namespace telegrad::app {
namespace {

using results::bytes_in_words;
using results::seconds_in_words;
using Rows = std::vector<std::vector<std::string>>;

std::string type_at(const Value& scenario, const char* pointer) {
  const Value* type = find_at(scenario, pointer);
  return type != nullptr && type->is_text() ? type->text() : "?";
}

std::string headline(const Explanation& what) {
  const Value& scenario = what.about.scenario;
  return what.about.name + ": " + results::counted(what.workers, "worker") + " train " +
         type_at(scenario, "/training/model/type") + " (" +
         results::counted(static_cast<std::uint64_t>(what.parameters), "parameter") + ") on " +
         type_at(scenario, "/training/dataset/type") + " over " + type_at(scenario, "/network/type") + "\n";
}

std::vector<std::string> leg_row(const std::string& name, const LegBytes& leg, double copies, double dense) {
  std::string ratio =
      leg.serialised > 0 ? plain_number(std::round(10 * dense / leg.serialised) / 10) + "x" : "";
  return {name, bytes_in_words(copies * leg.information), bytes_in_words(copies * leg.serialised),
          bytes_in_words(copies * dense), ratio};
}

std::string traffic(const Explanation& what) {
  double dense = 4 * what.parameters;
  const double workers = what.taking_part;
  const std::string who = what.taking_part < what.workers ? "the cohort" : "all workers";
  Rows rows{{"bytes of a steady round", "information", "serialised", "dense fp32", "smaller by"},
            leg_row(what.has_hub ? "up, one worker" : "contribution of a worker", what.up, 1, dense),
            leg_row(what.has_hub ? "down, one worker" : "result", what.down, 1, dense)};
  if (what.has_hub) {
    rows.push_back(leg_row("up, " + who, what.up, workers, dense));
    const bool once = what.copies_down < workers;
    rows.push_back(leg_row("down, " + (once ? "once for " + who : who), what.down, what.copies_down, dense));
  } else {
    rows.push_back({"sent by all workers", "", bytes_in_words(what.round_bytes), "", ""});
  }
  if (what.resync_rounds > 0) {
    const std::string name = "resync, every " + results::counted(what.resync_rounds, "round");
    rows.push_back({name, "", bytes_in_words(what.resync_bytes), "", ""});
  }
  return text_table(rows);
}

std::string two_decimals(double number) { return plain_number(std::round(100 * number) / 100); }

std::string rate(const std::optional<double>& value, double scale, const char* unit) {
  return value ? plain_number(*value / scale) + unit : "not modelled";
}

std::string facts(const Explanation& what) {
  const DeviceProfile& device = what.device;
  const ExpectedCost& cost = what.cost;
  auto seconds = [](const std::optional<double>& s) { return s ? seconds_in_words(*s) : "not modelled"; };
  Rows rows{
      {"PHY rate", what.about.phy_rate_mbps ? two_decimals(*what.about.phy_rate_mbps) + " Mbit/s"
                                            : "adapts, or there is none"},
      {"rate of a worker's link",
       what.device_rate_mbps ? plain_number(*what.device_rate_mbps) + " Mbit/s, each way" : "not limited"},
      {"air time of a round", cost.air_round_s ? "at least " + seconds(cost.air_round_s) +
                                                     " (bytes at those rates; headers, contention and "
                                                     "acknowledgements come on top)"
                                               : "not known beforehand: telegrad probe measures it"},
      {"simulated device", device.name + " (" + device.source + ")"},
      {"  training", device.measured ? "what each gradient takes on this host"
                                     : rate(device.flops_per_s, 1e9, " GFLOP/s") +
                                           ", the slowest worker's gradients of a round take " +
                                           seconds(cost.compute_round_s)},
      {"  codecs", rate(device.codec_bytes_per_s, 1e6, " MB/s")},
      {"link_independent", what.link_dependence.empty() ? "yes" : "no, because " + what.link_dependence}};
  return text_table(rows);
}

std::string expected(const ExpectedCost& cost) {
  if (!cost.rounds) return "expected cost: not known beforehand, only simulated time ends the run\n";
  std::string text = "expected cost: about " +
                     results::counted(static_cast<std::uint64_t>(std::ceil(*cost.rounds)), "round");
  text += ", " + bytes_in_words(*cost.traffic_bytes) + " serialised";
  if (cost.simulated_s) text += ", at least " + seconds_in_words(*cost.simulated_s) + " simulated";
  return text + ", roughly " + seconds_in_words(*cost.host_s) + " on this machine\n";
}

std::string bullets(const char* title, const std::vector<std::string>& sentences) {
  if (sentences.empty()) return "";
  std::string text = std::string("\n") + title + "\n";
  for (const std::string& sentence : sentences) text += "  - " + sentence + "\n";
  return text;
}

/// One row for each setting that holds no settings of its own.
void add_settings(const Value& value, const std::string& pointer, const Scenario& scenario, Detail detail,
                  Rows& rows) {
  if (value.is_object() && !value.members().empty()) {
    for (const Member& member : value.members()) {
      add_settings(member.value, pointer + "/" + escape_step(member.key), scenario, detail, rows);
    }
    return;
  }
  bool given = find_at(scenario.user(), pointer) != nullptr;
  if (!given && detail == Detail::given) return;
  rows.push_back({pointer, dump_json(value), given ? "" : "default"});
}

}  // namespace

std::string explanation_page(const Explanation& what, const Scenario& scenario, Detail detail) {
  Rows settings;
  add_settings(scenario.resolved(), "", scenario, detail, settings);
  return headline(what) + "\n" + traffic(what) + "\n" + facts(what) + "\n" + expected(what.cost) +
         bullets("warnings", what.about.warnings) + bullets("assumed", what.about.assumptions) +
         bullets("not modelled", what.about.not_modelled) + "\n" +
         (detail == Detail::all ? "settings\n" : "settings of the file; --all shows every default\n") +
         text_table(settings, 2);
}

}  // namespace telegrad::app
