#include "training/learning/gradient.h"

#include <ATen/Parallel.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/argmax.h>
#include <ATen/ops/cat.h>
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

Batch gather(const Computation& on, const Samples& samples, std::span<const std::uint32_t> chosen,
             const InputShape& shape, const StreamKey* changes) {
  auto size = static_cast<std::int64_t>(chosen.size());
  auto targets = static_cast<std::int64_t>(samples.targets());
  Batch batch{on.staging({size, shape.features()}, at::kFloat), on.staging({size * targets}, at::kLong)};
  std::int64_t* into = batch.targets.mutable_data_ptr<std::int64_t>();
  samples.gather(chosen, batch.inputs.mutable_data_ptr<float>(), into, changes);
  batch.counted =
      static_cast<double>(size * targets - std::count(into, into + size * targets, Samples::kIgnored));
  if (targets > 1) batch.targets = batch.targets.view({size, targets});
  batch.inputs = on.there(batch.inputs);
  batch.targets = on.there(batch.targets);
  return batch;
}

/// [n, classes] or [n, classes, targets of a sample], float32.
at::Tensor by_target(const at::Tensor& logits) {
  return (logits.dim() > 3 ? logits.flatten(2) : logits).to(at::kFloat);
}

at::Tensor logits_of(const Model& model, const Pass& pass, const Batch& batch, const HostDevice& device) {
  const InPrecision precision(device);
  return by_target(model.logits(pass, batch.inputs));
}

/// The mean over the targets that count, 0 where there is none.
at::Tensor cross_entropy(const at::Tensor& logits, const Batch& batch) {
  if (batch.counted == 0) return logits.sum().mul(0);
  if (logits.dim() == 2 || logits.is_cpu()) return at::cross_entropy_loss(logits, batch.targets);
  // On a GPU the kernel for several targets adds in any order, the one for single targets does not.
  return at::cross_entropy_loss(logits.transpose(1, 2).flatten(0, 1), batch.targets.flatten());
}

/// The parts of one gradient, one behind the other, on the host.
at::Tensor joined(const Computation& on, const std::vector<at::Tensor>& parts, std::int64_t size) {
  if (!parts.empty() && !parts.front().is_cpu()) {
    std::vector<at::Tensor> flat;
    for (const at::Tensor& part : parts) flat.push_back(part.flatten());
    return on.back(at::cat(flat));
  }
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
                  std::span<const std::uint32_t> chosen, const InputShape& shape, const LocalState& state,
                  const HostDevice& device) try {
  use_one_thread();
  Computation on(device);
  Batch batch = gather(on, samples, chosen, shape, state.changes ? &*state.changes : nullptr);
  std::vector<at::Tensor> leaves = tensors_of(model.layout(), on.there(parameters));
  for (at::Tensor& leaf : leaves) leaf.requires_grad_();
  const at::Tensor buffers =
      on.there(state.buffers.defined() ? state.buffers.clone() : initial_buffers(model));
  const std::vector<at::Tensor> own = tensors_of(model.buffers(), buffers);
  std::vector<Auxiliary> further;
  const Pass pass{.parameters = leaves,
                  .buffers = own,
                  .mode = Mode::training,
                  .dropout = state.dropout,
                  .auxiliary = &further};
  at::AutoGradMode recording(true);
  on.begin();
  at::Tensor loss = cross_entropy(logits_of(model, pass, batch, device), batch);
  for (const Auxiliary& one : further)
    loss = loss.add(cross_entropy(by_target(one.logits), batch), one.weight);
  at::Tensor penalty = model.penalty(leaves);
  if (penalty.defined()) loss = loss.add(penalty);
  std::vector<at::Tensor> parts = torch::autograd::grad({loss}, leaves);
  const double seconds = on.end();
  return {joined(on, parts, model.layout().size()), loss.item<double>(), on.back(buffers), seconds};
} catch (const c10::Error& error) {
  rethrow(device, error);
}

at::Tensor initial_buffers(const Model& model) {
  const at::Tensor own = model.initial_buffers();
  if (own.defined()) return own.clone();
  return model.buffers().size() == 0 ? at::Tensor() : draw_weights(model.buffers(), 0);
}

Quality evaluate(const Model& model, const at::Tensor& parameters, const Samples& samples,
                 std::span<const std::uint32_t> chosen, const InputShape& shape, const at::Tensor& buffers,
                 const HostDevice& device) try {
  // Logits of many targets take memory: 50 images, or as many as have four million targets.
  const std::size_t size = std::clamp<std::size_t>((std::size_t{4} << 20) / samples.targets(), 1, 50);
  use_one_thread();
  const Computation on(device);
  at::NoGradGuard no_gradients;
  const std::vector<at::Tensor> tensors = tensors_of(model.layout(), on.there(parameters));
  const std::vector<at::Tensor> own =
      tensors_of(model.buffers(), on.there(buffers.defined() ? buffers : initial_buffers(model)));
  const Pass pass{.parameters = tensors, .buffers = own};
  double counted = 0;
  double correct = 0;
  double loss = 0;
  MeanIou overlap;
  for (std::size_t from = 0; from < chosen.size(); from += size) {
    auto part = chosen.subspan(from, std::min(size, chosen.size() - from));
    Batch batch = gather(on, samples, part, shape, nullptr);
    at::Tensor logits = logits_of(model, pass, batch, device);
    loss += cross_entropy(logits, batch).item<double>() * batch.counted;
    at::Tensor answers = at::argmax(logits, 1);
    correct += answers.eq(batch.targets).sum().item<double>();
    if (samples.targets() > 1) overlap.add(on.back(answers), on.back(batch.targets), logits.size(1));
    counted += batch.counted;
  }
  counted = std::max(counted, 1.0);
  at::Tensor penalty = model.penalty(tensors);
  return {.accuracy = correct / counted,
          .loss = loss / counted + (penalty.defined() ? penalty.item<double>() : 0.0),
          .mean_iou = overlap.value()};
} catch (const c10::Error& error) {
  rethrow(device, error);
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
