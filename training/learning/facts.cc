#include "training/learning/facts.h"

#include <ATen/ops/empty.h>

#include <algorithm>
#include <optional>

#include "sim/core/format.h"
#include "training/learning/statistics.h"
#include "training/methods/dense_sum.h"
#include "training/methods/method.h"
#include "training/span.h"

namespace telegrad::training {
namespace {

at::Tensor random_gradient(const Layout& layout, std::uint32_t worker) {
  at::Tensor gradient = at::empty({layout.size()}, at::kFloat);
  Stream stream(StreamKey{.purpose = Purpose::method, .node = worker});
  for (float& value : mutable_span_of(gradient)) value = static_cast<float>(stream.uniform() - 0.5);
  return gradient;
}

/// With feedback a small ratio delays gradients, which bounds the effective step lr / (1 - momentum). Measured on
/// the cnn with 8 workers: at 0.1 % 0.05 learns and 0.5 does not.
void warn_of_delay(TrainingFacts& facts, const Common& common, const Value& uplink) {
  const Value* ratio = uplink.find("ratio");
  const Value* feedback = uplink.find("error_feedback");
  if (ratio == nullptr || feedback == nullptr || !feedback->boolean()) return;
  double step = common.learning_rate / (1 - common.optimizer->facts().momentum);
  if (step <= 100 * ratio->number()) return;
  facts.warnings.push_back(formatted("the effective step learning_rate / (1 - momentum) is %.3g; ", step) +
                           formatted("error feedback at a ratio of %.3g delays gradients", ratio->number()) +
                           " and may not learn with it: lower the learning rate or the momentum");
}

}  // namespace

std::vector<Portion> portions(const Partition& partition, const Dataset& dataset) {
  std::vector<Portion> result;
  for (const auto& samples : partition) {
    Portion portion{samples.size(), std::vector<std::uint64_t>(dataset.classes, 0)};
    for (std::uint32_t sample : samples) ++portion.label_histogram[dataset.train->labels()[sample]];
    result.push_back(std::move(portion));
  }
  return result;
}

Value downlink_of(const Value& compression) {
  if (const Value* given = compression.find("downlink")) return *given;
  const Value& uplink = compression["uplink"];
  const std::string& type = methods().at(uplink["type"].text()).make.downlink;
  Value::Object object{{"type", type}};
  // The answer has the form of what goes up, as far as it has such a setting.
  auto follow = [&](const char* name, const std::vector<std::string>& allowed, const std::string& otherwise) {
    const Value* own = uplink.find(name);
    const bool same =
        own != nullptr && std::find(allowed.begin(), allowed.end(), own->text()) != allowed.end();
    object.push_back(Member{name, Value(same ? own->text() : otherwise)});
  };
  if (type == "union_sparse") {
    follow("granularity", {"tensor", "model"}, "tensor");
    follow("index", codecs::index_choices(), "fixed");
  } else if (type == "dense") {
    follow("value", {"fp32", "fp16", "bf16"}, "fp32");
  } else if (type == "recompressed") {
    object.push_back(Member{"method", uplink});
  }
  return Value(std::move(object));
}

void add_sizes(TrainingFacts& facts, const Value& compression, const Layout& layout, std::uint32_t workers,
               const Method& method) {
  if (const auto* collective = dynamic_cast<const Collective*>(&method)) {
    const MessageSizes sizes = collective->sizes();
    facts.up_bytes = sizes.up_bytes;
    facts.up_information_bits = sizes.up_information_bits;
    facts.down_bytes = sizes.down_bytes;
    facts.down_information_bits = sizes.down_information_bits;
    return;
  }
  const Cut cut;
  const Step step{.round = 1};
  std::optional<Sum> sum;
  std::unique_ptr<Compressor> compressor;
  for (std::uint32_t rank = 0; rank < workers; ++rank) {
    compressor = make_compressor(compression["uplink"], {layout, rank, workers, 0});
    at::Tensor gradient = random_gradient(layout, rank);
    Payload payload = compressor->encode(span_of(gradient), step, cut);
    if (!sum) sum.emplace(codecs::size_of(compressor->units()));
    sum->add(payload, compressor->units());
    facts.up_bytes = payload.bytes();
    facts.up_information_bits = payload.information_bits();
  }
  const Count count = compressor->feedback() ? Count::cohort : Count::contributors;
  const AnswerContext answer{layout, compressor->units(), compressor->expands(), workers, 0};
  Payload merged =
      downlinks().make(downlink_of(compression), answer)->encode(*sum, count, workers, step, cut);
  facts.down_bytes = merged.bytes();
  facts.down_information_bits = merged.information_bits();
}

void add_model_size(TrainingFacts& facts, const Layout& layout) {
  const at::Tensor model = random_gradient(layout, 0);
  const Payload payload = pack_vector({.flags = codecs::kFolded}, span_of(model), Cut{});
  facts.down_bytes = payload.bytes();
  facts.down_information_bits = payload.information_bits();
}

void add_statistics(TrainingFacts& facts, const Model& model) {
  const MessageSizes sizes = sizes_of_statistics(model.buffers().size());
  facts.up_bytes += sizes.up_bytes;
  facts.up_information_bits += sizes.up_information_bits;
  facts.down_bytes += sizes.down_bytes;
  facts.down_information_bits += sizes.down_information_bits;
  facts.summed_apart = sizes.up_bytes;
  facts.shapes.push_back(Shape::linear);
  // Statistics that came late, or whose verdict did, would be taken for a part of a gradient.
  facts.of_its_round = true;
  facts.whole_down = true;
  if (facts.cannot_pass.empty())
    facts.cannot_pass = "running statistics are averaged by all workers together";
}

void add_remarks(TrainingFacts& facts, const Common& common, const Value& training,
                 const Value& compression) {
  const Value& uplink = compression["uplink"];
  facts.assumptions.push_back(
      formatted("arithmetic of a gradient: 6 operations for each multiply-accumulate of the "
                "forward pass, %.4g MFLOP a sample",
                common.model->flops_per_sample() / 1e6));
  if (common.dataset.score == Score::mean_iou)
    facts.assumptions.push_back("accuracy is the mean intersection over union of the classes");
  facts.assumptions.push_back("expected message sizes are those of random gradients in blocks of 64 KiB");
  if (common.averages_statistics) {
    facts.assumptions.push_back(
        "running means and variances are averaged over all workers after every round, as float32");
  } else if (training["statistics"].text() == "averaged") {
    facts.warnings.push_back("this model keeps no running statistics: statistics: averaged does nothing");
  } else if (common.model->buffers().size() > 0) {
    facts.assumptions.push_back(
        "running means and variances stay with each worker, and are not sent; evaluation uses those of "
        "worker 0");
  }
  if (common.device->is_gpu() || common.device->precision() == Precision::bf16) {
    facts.assumptions.push_back("gradients are computed on " + common.device->name() +
                                (common.device->precision() == Precision::bf16 ? " in bf16" : " in float32"));
  }
  facts.not_modelled.push_back("reading samples from storage on the simulated devices");
  if (methods().at(uplink["type"].text()).make.method) return;
  bool sparse_answer = downlink_of(compression)["type"].text() == "union_sparse";
  if (sparse_answer && uplink["type"].text() == "dense") {
    facts.warnings.push_back(
        "a union_sparse down-link after a dense up-link sends every value with an index; "
        "dense is smaller");
  }
  warn_of_delay(facts, common, uplink);
}

}  // namespace telegrad::training
