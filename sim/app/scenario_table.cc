#include "sim/app/scenario_table.h"

#include "sim/app/simulated_device.h"

namespace telegrad::app {
namespace {

constexpr double kLargestSeed = 4294967295.0;

Table seeds() {
  return {integer("training", "weights, split, partition, batches, methods, jitter")
              .in(0, kLargestSeed)
              .otherwise(1),
          integer("network", "placement, fading, contention, loss").in(0, kLargestSeed).otherwise(1)};
}

Table host() {
  return {
      text(
          "device",
          "where gradients are computed: cpu, cuda, cuda:1, or auto, the first GPU where one is found; other "
          "bits come of other devices")
          .of_length(1, 20)
          .otherwise("auto"),
      boolean("deterministic", "of a GPU's kernels only those that give the same bits every time")
          .otherwise(true),
      integer("threads", "host threads, 0: all cores; results do not depend on it").in(0, 1024).otherwise(0)};
}

Table evaluation() {
  return {
      integer("every_rounds", "the model is evaluated after so many rounds and after the last; 0: only then")
          .in(0, 1e9)
          .otherwise(10),
      choice("split", {"validation", "test", "both"},
             "what it is evaluated on; targets are judged on the validation split, if it is among them; "
             "left out: both, or the test set alone where no samples are held out")
          .optional(),
      reals("targets", "accuracies whose time is reported")
          .over(0, 1)
          .otherwise_json("[]")
          .of_length(0, 100)};
}

Table stop() {
  return {integer("max_rounds", "ends after so many rounds").in(1, 1e9).optional(),
          real("max_simulated_s", "ends at this simulated time").over(0, 1e8).measured_in("s").optional(),
          real("accuracy", "ends when an evaluation reaches it, on the split that targets are judged on")
              .over(0, 1)
              .optional()};
}

bool all_optional(const Table& table) {
  for (const Parameter& parameter : table) {
    if (parameter.required()) return false;
  }
  return true;
}

/// A section that may be left out when all in it may.
Parameter section(const char* name, Table table, const char* help) {
  bool omittable = all_optional(table);
  Parameter parameter = object(name, std::move(table), help);
  return omittable ? std::move(parameter).otherwise_json("{}") : parameter;
}

}  // namespace

Table scenario_table(const TrainingPlugin* training) {
  Table table{text("name", "names the run in its results").of_length(1, 100),
              integer("workers", "devices that train; the server comes on top").in(1, 10000),
              section("seeds", seeds(), "the same seeds give the same results")};
  if (training != nullptr) {
    table.push_back(section("training", training->training_table(), "what is learned, and how"));
    table.push_back(
        section("compression", training->compression_table(), "what gradients and updates travel as"));
  }
  for (Parameter& parameter :
       Table{typed("program", "programs", "who does what when").otherwise_json(R"({"type": "synchronous"})"),
             typed("network", "networks", "what the devices talk over"),
             section("simulated_device", simulated_device_table(), "how fast the simulated devices compute"),
             section("host", host(), "the machine that simulates"),
             section("evaluation", evaluation(), "when and on what the model is judged"),
             object("stop", stop(), "when the run ends; the first rule that holds")}) {
    table.push_back(std::move(parameter));
  }
  return table;
}

}  // namespace telegrad::app
