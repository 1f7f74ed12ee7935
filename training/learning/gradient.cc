#include "training/learning/gradient.h"

#include <ATen/Parallel.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/argmax.h>
#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/empty.h>
#include <torch/csrc/autograd/autograd.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include "training/initial_weights.h"
#include "training/learning/mean_iou.h"

namespace telegrad::training {
namespace {

struct Batch {
  at::Tensor inputs;   // [n, features]
  at::Tensor targets;  // [n], or [n, targets of a sample]
  double counted = 0;  // targets that count
};

Batch gather(const Samples& samples, std::span<const std::uint32_t> chosen, const InputShape& shape,
             const StreamKey* changes) {
  auto size = static_cast<std::int64_t>(chosen.size());
  auto targets = static_cast<std::int64_t>(samples.targets());
  Batch batch{at::empty({size, shape.features()}, at::kFloat), at::empty({size * targets}, at::kLong)};
  std::int64_t* into = batch.targets.mutable_data_ptr<std::int64_t>();
  samples.gather(chosen, batch.inputs.mutable_data_ptr<float>(), into, changes);
  batch.counted =
      static_cast<double>(size * targets - std::count(into, into + size * targets, Samples::kIgnored));
  if (targets > 1) batch.targets = batch.targets.view({size, targets});
  return batch;
}

/// [n, classes] or [n, classes, targets of a sample].
at::Tensor logits_of(const Model& model, const Pass& pass, const Batch& batch) {
  at::Tensor logits = model.logits(pass, batch.inputs);
  return logits.dim() > 3 ? logits.flatten(2) : logits;
}

/// The mean over the targets that count, 0 where there is none.
at::Tensor cross_entropy(const at::Tensor& logits, const Batch& batch) {
  if (batch.counted == 0) return logits.sum().mul(0);
  return at::cross_entropy_loss(logits, batch.targets);
}

/// The parts of one gradient, one behind the other.
at::Tensor joined(const std::vector<at::Tensor>& parts, std::int64_t size) {
  at::Tensor result = at::empty({size}, at::kFloat);
  float* out = result.mutable_data_ptr<float>();
  for (const at::Tensor& part : parts) {
    at::Tensor row = part.contiguous();
    std::memcpy(out, row.const_data_ptr<float>(), row.nbytes());
    out += row.numel();
  }
  return result;
}

}  // namespace

std::vector<at::Tensor> tensors_of(const Layout& layout, const at::Tensor& flat) {
  std::vector<at::Tensor> result;
  result.reserve(layout.tensors().size());
  for (const TensorPlace& place : layout.tensors()) {
    result.push_back(flat.detach().narrow(0, place.offset, place.size).view(place.shape));
  }
  return result;
}

void use_one_thread() {
  thread_local bool done = false;
  if (!done) at::set_num_threads(1);
  done = true;
}

Gradient gradient(const Model& model, const at::Tensor& parameters, const Samples& samples,
                  std::span<const std::uint32_t> chosen, const InputShape& shape, const LocalState& state) {
  use_one_thread();
  Batch batch = gather(samples, chosen, shape, state.changes ? &*state.changes : nullptr);
  std::vector<at::Tensor> leaves = tensors_of(model.layout(), parameters);
  for (at::Tensor& leaf : leaves) leaf.requires_grad_();
  at::Tensor buffers = state.buffers.defined() ? state.buffers.clone() : initial_buffers(model);
  const std::vector<at::Tensor> own = tensors_of(model.buffers(), buffers);
  const Pass pass{.parameters = leaves, .buffers = own, .mode = Mode::training, .dropout = state.dropout};
  at::AutoGradMode recording(true);
  at::Tensor loss = cross_entropy(logits_of(model, pass, batch), batch);
  at::Tensor penalty = model.penalty(leaves);
  if (penalty.defined()) loss = loss.add(penalty);
  std::vector<at::Tensor> parts = torch::autograd::grad({loss}, leaves);
  return {joined(parts, model.layout().size()), loss.item<double>(), buffers};
}

at::Tensor initial_buffers(const Model& model) {
  const at::Tensor own = model.initial_buffers();
  if (own.defined()) return own.clone();
  return model.buffers().size() == 0 ? at::Tensor() : draw_weights(model.buffers(), 0);
}

Quality evaluate(const Model& model, const at::Tensor& parameters, const Samples& samples,
                 std::span<const std::uint32_t> chosen, const InputShape& shape, const at::Tensor& buffers) {
  // Logits of many targets take memory: 50 images, or as many as have four million targets.
  const std::size_t size = std::clamp<std::size_t>((std::size_t{4} << 20) / samples.targets(), 1, 50);
  use_one_thread();
  at::NoGradGuard no_gradients;
  const std::vector<at::Tensor> tensors = tensors_of(model.layout(), parameters);
  const std::vector<at::Tensor> own =
      tensors_of(model.buffers(), buffers.defined() ? buffers : initial_buffers(model));
  const Pass pass{.parameters = tensors, .buffers = own};
  double counted = 0;
  double correct = 0;
  double loss = 0;
  MeanIou overlap;
  for (std::size_t from = 0; from < chosen.size(); from += size) {
    auto part = chosen.subspan(from, std::min(size, chosen.size() - from));
    Batch batch = gather(samples, part, shape, nullptr);
    at::Tensor logits = logits_of(model, pass, batch);
    loss += cross_entropy(logits, batch).item<double>() * batch.counted;
    at::Tensor answers = at::argmax(logits, 1);
    correct += answers.eq(batch.targets).sum().item<double>();
    if (samples.targets() > 1) overlap.add(answers, batch.targets, logits.size(1));
    counted += batch.counted;
  }
  counted = std::max(counted, 1.0);
  at::Tensor penalty = model.penalty(tensors);
  return {.accuracy = correct / counted,
          .loss = loss / counted + (penalty.defined() ? penalty.item<double>() : 0.0),
          .mean_iou = overlap.value()};
}

std::int64_t first_not_finite(std::span<const float> values) {
  constexpr std::uint32_t kExponent = 0x7f800000U;
  std::uint32_t highest = 0;
  for (float value : values) highest = std::max(highest, std::bit_cast<std::uint32_t>(value) & 0x7fffffffU);
  if (highest < kExponent) return -1;
  auto at = std::find_if(values.begin(), values.end(), [](float value) { return !std::isfinite(value); });
  return at - values.begin();
}

double norm(std::span<const float> values) {
  double sum = 0;
  for (float value : values) sum += static_cast<double>(value) * value;
  return std::sqrt(sum);
}

}  // namespace telegrad::training
