#include "tests/sim/results/scratch.h"

#include <unistd.h>

namespace telegrad::results {

Scratch::Scratch() {
  const auto* test = testing::UnitTest::GetInstance()->current_test_info();
  folder_ = std::filesystem::temp_directory_path() / ("telegrad-" + std::string(test->test_suite_name()) +
                                                      "-" + test->name() + "-" + std::to_string(getpid()));
  std::filesystem::create_directories(folder_);
}

Scratch::~Scratch() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

std::string read_file(const std::filesystem::path& file) {
  std::ostringstream text;
  text << std::ifstream(file, std::ios::binary).rdbuf();
  return text.str();
}

double number(const Database& database, std::string_view query) {
  Statement row = database.prepare(query);
  if (!row.step() || row.is_null(0)) return -1;
  return row.number(0);
}

Manifest small_manifest() {
  Manifest manifest;
  manifest.name = "small";
  manifest.scenario = Value::Object{{"name", "small"}, {"workers", 2}};
  manifest.versions = Value::Object{{"telegrad", "0.1.0"}};
  manifest.seeds = Value::Object{{"training", 1}, {"network", 2}};
  manifest.assumptions = {"a device computes at 1 GFLOP/s (assumed)"};
  manifest.not_modelled = {"energy"};
  manifest.targets = {0.5, 0.9};
  manifest.parameters = 18'378;
  manifest.threads = 2;
  manifest.date = "2026-11-05T12:00:00Z";
  manifest.nodes = {{.node = 0,
                     .role = "worker",
                     .x = 1.5,
                     .y = -2,
                     .samples = 60,
                     .label_histogram = {{10, 50}},
                     .speed_factor = 1},
                    {.node = 1,
                     .role = "worker",
                     .x = 3,
                     .y = 4,
                     .samples = 40,
                     .label_histogram = {{40, 0}},
                     .speed_factor = 2},
                    {.node = 2,
                     .role = "hub",
                     .x = 0,
                     .y = 0,
                     .samples = std::nullopt,
                     .label_histogram = std::nullopt,
                     .speed_factor = std::nullopt}};
  return manifest;
}

void play_round(Observer& observer, std::uint64_t round) {
  const NodeId hub{2};
  const SimTime begin = ms(100) * (round - 1);
  for (std::uint32_t worker = 0; worker < 2; ++worker) {
    SimTime computed = begin + ms(20 + 10 * worker);
    observer.span(NodeId{worker}, round, Phase::gradient, begin, computed);
    observer.message({.from = NodeId{worker},
                      .to = hub,
                      .round = round,
                      .purpose = "up",
                      .channel = 0,
                      .blocks = 3,
                      .lost_blocks = worker,
                      .bytes = 300,
                      .information_bits = 2000,
                      .control_bytes = 7,
                      .queued = computed,
                      .sent = computed + ms(1),
                      .arrived = computed + ms(9),
                      .delivered = computed + ms(10),
                      .outcome = worker == 0 ? Outcome::delivered : Outcome::partial});
  }
  observer.span(hub, round, Phase::fold, begin + ms(40), begin + ms(45));
  for (std::uint32_t worker = 0; worker < 2; ++worker) {
    SimTime received = begin + ms(70 + 20 * worker);
    observer.message({.from = hub,
                      .to = NodeId{worker},
                      .round = round,
                      .purpose = "down",
                      .channel = 0,
                      .blocks = 2,
                      .lost_blocks = 0,
                      .bytes = 200,
                      .information_bits = 1500,
                      .control_bytes = 5,
                      .queued = begin + ms(45),
                      .sent = begin + ms(46),
                      .arrived = received,
                      .delivered = received,
                      .outcome = Outcome::delivered});
    observer.span(NodeId{worker}, round, Phase::apply, received, received + ms(10));
  }
  observer.round({.round = round,
                  .begin = begin,
                  .end = begin + ms(100),
                  .train_loss = 1.0 / static_cast<double>(round),
                  .participants = 2,
                  .on_air = std::nullopt});
}

}  // namespace telegrad::results
