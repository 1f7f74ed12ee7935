#include "training/learning/make_common.h"

#include "sim/core/errors.h"

namespace telegrad::training {
namespace {

std::string times(std::int64_t number) { return number == 1 ? "once" : std::to_string(number) + " times"; }

void check_targets(const std::string& type, const Model& model, const Dataset& dataset) {
  const auto targets = static_cast<std::int64_t>(dataset.train->targets());
  if (model.answers() == targets) return;
  throw ScenarioError(
      "", {{"/training/model/type", 0, 0,
            "'" + type + "' answers " + times(model.answers()) + " a sample, where the dataset asks " +
                times(targets),
            targets > 1 ? "choose a model for segmentation or text, or a dataset with one label a sample"
                        : "choose a dataset with a label for each of these places (camvid, npy), or a "
                          "model that answers once"}});
}

void refuse_scaled(const Common& common) {
  if (common.rate_place == RatePlace::after_feedback || !common.optimizer->facts().scale_free) return;
  throw ScenarioError("", {{"/compression/learning_rate", 0, 0,
                            "a learning rate before feedback does nothing to this optimizer's steps",
                            "leave it out, or take the optimizer sgd"}});
}

std::unique_ptr<const HostDevice> device_of(const Value& training, const TrainingContext& context) {
  const bool bf16 = training["precision"].text() == "bf16";
  return std::make_unique<const HostDevice>(
      HostDevice::Settings{.name = context.device,
                           .precision = bf16 ? Precision::bf16 : Precision::fp32,
                           .deterministic = context.deterministic,
                           .alone = context.measured});
}

}  // namespace

Common make_common(const Value& training, const Value& compression, const TrainingContext& context) {
  const Value& optimizer = training["optimizer"];
  const std::uint64_t seed = context.seed;
  Common common;
  common.device = device_of(training, context);
  common.resync_rounds = context.resync_rounds;
  common.dataset = datasets().make(training["dataset"], seed);
  common.split = split(common.dataset, seed);
  common.model = models().make(training["model"], common.dataset);
  check_targets(training["model"]["type"].text(), *common.model, common.dataset);
  common.optimizer = optimizers().make(optimizer);
  common.schedule = make_schedule(optimizer["schedule"]);
  common.seed = seed;
  common.learning_rate = optimizer["learning_rate"].number();
  if (const Value* clip = optimizer.find("clip_norm")) common.clip_norm = clip->number();
  bool before = compression["learning_rate"].text() == "before_feedback";
  common.rate_place = before ? RatePlace::before_feedback : RatePlace::after_feedback;
  common.average_share = average_share(training);
  common.averages_statistics =
      training["statistics"].text() == "averaged" && common.model->buffers().size() > 0;
  const Value& server = training["server_optimizer"];
  common.server = optimizers().make(server);
  common.server_schedule = make_schedule(server["schedule"]);
  common.server_rate = server["learning_rate"].number();
  common.proximal = training["proximal"].number();
  common.batch_size = static_cast<std::uint64_t>(training["batch_size_per_worker"].integer());
  refuse_scaled(common);
  return common;
}

}  // namespace telegrad::training
