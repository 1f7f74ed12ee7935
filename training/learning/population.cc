#include "training/learning/population.h"

#include <ATen/ops/zeros.h>

#include "sim/core/errors.h"
#include "training/initial_weights.h"
#include "training/learning/facts.h"
#include "training/learning/gradient.h"
#include "training/learning/make_common.h"
#include "training/learning/resync.h"
#include "training/learning/statistics.h"
#include "training/methods/compressed_average.h"
#include "training/state_dict.h"

namespace telegrad::training {
namespace {

/// What all workers start from.
ModelState first_state(const Value& training, const Model& model, std::uint64_t seed) {
  const Value* file = training.find("initial_weights");
  if (file == nullptr) {
    const at::Tensor own = model.initial_parameters();
    return {own.defined() ? own : draw_weights(model.layout(), seed), initial_buffers(model)};
  }
  if (is_state_dict(file->text())) return read_state_dict(file->text(), model);
  return {read_weights(file->text(), model.layout()), initial_buffers(model)};
}

/// Why a model cannot go round by this method.
std::string cannot_pass(Method& method, const Optimizer& optimizer) {
  const Compressor* encoder = method.encoder(0);
  if (encoder == nullptr) return "this method is no compressor";
  if (encoder->feedback()) return "feedback would add to it what was never a part of it";
  if (encoder->expands()) return "this method sends some of its entries alone";
  if (optimizer.facts().momentum > 0) return "momentum would have to go round with it";
  return "";
}

/// Why its workers cannot be drawn for a round.
std::string cannot_sample(Method& method) {
  return method.encoder(0) == nullptr ? "this method is no compressor: all its workers exchange together"
                                      : "";
}

/// What a cohort cannot be asked for.
void refuse_for_cohort(const Value& training, const Value& compression, const TrainingContext& context) {
  if (context.cohort == 0) return;
  if (training["statistics"].text() == "averaged") {
    throw ScenarioError("", {{"/training/statistics", 0, 0,
                              "clients that are drawn for a round keep their statistics: the server has none",
                              "leave statistics at local, or clients_per_round at 0"}});
  }
  if (compression.find("downlink") == nullptr) return;
  throw ScenarioError("", {{"/compression/downlink", 0, 0,
                            "has nothing to do: clients that are drawn for a round are sent the model itself",
                            "leave it out, or leave clients_per_round at 0"}});
}

/// The first gradient on a device starts much that later ones find running: it is not one to be timed.
void warm_up(const Common& common, const ModelState& first, std::span<const std::uint32_t> samples) {
  const auto batch = samples.first(std::min<std::size_t>(samples.size(), common.batch_size));
  (void)gradient(*common.model, first.parameters, *common.dataset.train, batch, common.dataset.shape,
                 {.buffers = first.buffers}, *common.device);
}

}  // namespace

std::unique_ptr<Method> make_method(const Value& compression, const Layout& layout,
                                    const TrainingContext& context) {
  auto collective = make_collective(compression, {layout, 0, context.workers, context.seed});
  if (collective) return collective;
  std::vector<std::unique_ptr<Compressor>> up;
  for (std::uint32_t rank = 0; rank < context.workers; ++rank) {
    up.push_back(make_compressor(compression["uplink"], {layout, rank, context.workers, context.seed}));
  }
  const AnswerContext answer{layout, up.front()->units(), up.front()->expands(), context.workers,
                             context.seed};
  auto down = downlinks().make(downlink_of(compression), answer);
  return std::make_unique<CompressedAverage>(layout, std::move(up), std::move(down));
}

Population::Population(const Value& training, const Value& compression, const TrainingContext& context)
    : context_(context) {
  use_one_thread();
  refuse_for_cohort(training, compression, context);
  common_ = make_common(training, compression, context);
  const Shares shares{.samples = common_.split.learning,
                      .labels = common_.dataset.train->labels(),
                      .users = common_.dataset.users,
                      .workers = context.workers,
                      .least = common_.batch_size};
  Partition partition = divide(training["partition"], shares, context.seed);
  const Layout& layout = common_.model->layout();
  facts_.parameters = static_cast<std::uint64_t>(layout.size());
  facts_.flops_per_sample = common_.model->flops_per_sample();
  facts_.batch_size = common_.batch_size;
  facts_.portions = portions(partition, common_.dataset);
  method_ = make_method(compression, layout, context);
  add_sizes(facts_, compression, layout, context.cohort > 0 ? context.cohort : context.workers, *method_);
  if (context.cohort > 0) add_model_size(facts_, layout);
  add_remarks(facts_, common_, training, compression);
  if (context.resync_rounds > 0) {
    const Optimizer& mover = context.averages_models ? *common_.server : *common_.optimizer;
    facts_.assumptions.push_back(
        "after every " + std::to_string(context.resync_rounds) +
        " rounds all workers get worker 0's model and what its optimizer remembers, whole; "
        "what methods keep of their own (feedback, factors) stays with each");
    facts_.resync_bytes =
        replica_bytes(mover, at::zeros({layout.size()}, at::kFloat), bool(common_.average_share));
  }

  const ModelState first = first_state(training, *common_.model, context.seed);
  if (context.measured) warm_up(common_, first, partition.front());
  auto initial =
      std::make_shared<const Replica>(Replica{.identity = 1, .parameters = first.parameters, .velocity = {}});
  facts_.shapes = context.cohort > 0 ? std::vector{Shape::local} : method_->shapes();
  facts_.needs_hub = method_->needs_hub();
  facts_.cannot_pass = cannot_pass(*method_, *common_.optimizer);
  facts_.cannot_go_alone = method_->wants_gradients();
  facts_.cannot_sample = cannot_sample(*method_);
  facts_.reads_link = method_->reads_link();
  facts_.of_its_round = method_->of_its_round();
  if (common_.averages_statistics) add_statistics(facts_, *common_.model);
  bool by_samples = training["weighting"].text() == "samples";
  double share = static_cast<double>(context.workers) / static_cast<double>(common_.split.learning.size());
  std::vector<double> samples;
  for (const auto& mine : partition) samples.push_back(static_cast<double>(mine.size()));
  if (context.cohort > 0) {
    if (!by_samples) samples.clear();
    server_ = std::make_unique<Server>(common_, *method_, std::move(samples), initial);
  }
  for (std::uint32_t rank = 0; rank < context.workers; ++rank) {
    double weight = by_samples ? share * static_cast<double>(partition[rank].size()) : 1.0;
    Batches batches(std::move(partition[rank]), common_.batch_size, context.seed, rank);
    workers_.push_back(std::make_unique<Worker>(common_, *method_, lineage_, std::move(batches),
                                                static_cast<float>(weight), initial, first.buffers));
  }
}

Task<> Population::serve(std::uint64_t round, Hub& hub) {
  const Step step{.round = round, .learning_rate = common_.rate(round)};
  co_await method_->serve(step, hub);
  if (common_.resync_rounds > 0 && round % common_.resync_rounds == 0) {
    co_await serve_resync(hub);
  }
}

Task<> Population::serve_statistics(std::uint64_t, Hub& hub) {
  if (!common_.averages_statistics) co_return;
  const std::int64_t size = common_.model->buffers().size();
  co_await serve_mean_statistics(size, hub);
}

Task<> Population::serve_cohort(std::uint64_t round, std::vector<Rank> members, Hub& hub) {
  statistician_ = members.front();
  co_await server_->serve(round, std::move(members), hub);
}

void Population::save(const std::filesystem::path& path) const {
  write_state_dict(path, *common_.model,
                   {evaluated_parameters(*replica()), workers_.at(statistician_.value)->buffers()});
}

std::function<Evaluation()> Population::evaluation(Rank of) {
  const Worker& speaker = *workers_.at(of.value);
  // Others may not have come as far: their replicas are compared when the next evaluation begins.
  std::vector<std::shared_ptr<const Replica>> replicas = marked();
  std::shared_ptr<Measured> apart = replicas.empty() ? nullptr : std::make_shared<Measured>();
  if (apart != nullptr) spreads_.push_back(apart);
  for (const auto& worker : workers_) {
    if (!server_) worker->mark(speaker.applied());
  }
  const Worker& statistician = server_ ? *workers_.at(statistician_.value) : speaker;
  return [this, replica = server_ ? server_->replica() : speaker.replica(), replicas = std::move(replicas),
          apart = std::move(apart), buffers = statistician.buffers()] {
    Evaluation result;
    if (apart != nullptr) {
      apart->spread = spread(replicas);
      apart->known = true;
    }
    auto judge = [&](const Samples& samples, std::span<const std::uint32_t> chosen) {
      Quality quality = evaluate(*common_.model, evaluated_parameters(*replica), samples, chosen,
                                 common_.dataset.shape, buffers, *common_.device);
      if (common_.dataset.score == Score::mean_iou) quality.accuracy = quality.mean_iou;
      return quality;
    };
    if (context_.evaluate_validation && !common_.split.validation.empty()) {
      Quality quality = judge(*common_.dataset.train, common_.split.validation);
      result.validation_accuracy = quality.accuracy;
      result.validation_loss = quality.loss;
    }
    if (context_.evaluate_test && common_.dataset.test->size() > 0) {
      std::vector<std::uint32_t> all(common_.dataset.test->size());
      for (std::uint32_t i = 0; i < all.size(); ++i) all[i] = i;
      Quality quality = judge(*common_.dataset.test, all);
      result.test_accuracy = quality.accuracy;
      result.test_loss = quality.loss;
    }
    return result;
  };
}

std::vector<std::shared_ptr<const Replica>> Population::marked() const {
  std::vector<std::shared_ptr<const Replica>> replicas;
  for (const auto& worker : workers_) {
    if (worker->marked() != nullptr) replicas.push_back(worker->marked());
  }
  return replicas;
}

std::vector<Spread> Population::spreads() const {
  std::vector<Spread> spreads;
  for (const auto& one : spreads_) {
    if (one->known) spreads.push_back(one->spread);
  }
  if (const auto last = marked(); !last.empty()) spreads.push_back(spread(last));
  return spreads;
}

std::vector<std::string> Population::remarks() const {
  std::vector<std::string> all = method_->remarks();
  if (std::string words = in_words(spreads()); !words.empty()) all.push_back(std::move(words));
  return all;
}

}  // namespace telegrad::training
