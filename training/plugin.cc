// The one symbol that the program looks up in this library.

#include <torch/version.h>

#include "sim/core/training.h"
#include "training/downlinks/downlink.h"
#include "training/learning/found_device.h"
#include "training/learning/given.h"
#include "training/learning/population.h"
#include "training/methods/compressor.h"
#include "training/partitions/partition.h"
#include "training/tables.h"

namespace telegrad::training {
namespace {

class Plugin final : public TrainingPlugin {
 public:
  std::string torch_version() const override { return TORCH_VERSION; }

  std::string device(const std::string& asked) const override { return found_device(asked).str(); }

  void add_catalogues(Catalogues& catalogues) const override {
    catalogues.add(methods().catalogue());
    catalogues.add(downlinks().catalogue());
    catalogues.add(models().catalogue());
    catalogues.add(datasets().catalogue());
    catalogues.add(partitions().catalogue());
    catalogues.add(optimizers().catalogue());
    catalogues.add(schedules().catalogue());
  }

  Table training_table() const override { return training_parameters(); }
  Table compression_table() const override { return compression_parameters(); }

  std::vector<std::filesystem::path> data_files(const Value& training) const override {
    std::vector<std::filesystem::path> files = files_of(training["dataset"]);
    if (const Value* weights = training.find("initial_weights")) files.emplace_back(weights->text());
    if (const Value* script = training["model"].find("file")) files.emplace_back(script->text());
    return files;
  }

  std::unique_ptr<Training> make(const Value& training, const Value& compression,
                                 const TrainingContext& context) const override {
    return std::make_unique<Population>(training, compression, context);
  }

  std::unique_ptr<GivenTraining> make_given(std::vector<GivenGradient> gradients, const Value& compression,
                                            std::uint64_t seed) const override {
    return std::make_unique<Given>(std::move(gradients), compression, seed);
  }
};

}  // namespace
}  // namespace telegrad::training

extern "C" __attribute__((visibility("default"))) const telegrad::TrainingPlugin& telegrad_training_plugin() {
  static const telegrad::training::Plugin plugin;
  return plugin;
}
