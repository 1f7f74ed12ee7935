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

namespace telegrad::training {
namespace {

struct Batch {
  at::Tensor inputs;  // [n, features]
  at::Tensor labels;  // [n]
};

Batch gather(const Samples& samples, std::span<const std::uint32_t> chosen, const InputShape& shape) {
  auto size = static_cast<std::int64_t>(chosen.size());
  Batch batch{at::empty({size, shape.features()}, at::kFloat), at::empty({size}, at::kLong)};
  samples.gather(chosen, batch.inputs.mutable_data_ptr<float>(),
                 batch.labels.mutable_data_ptr<std::int64_t>());
  return batch;
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
                  std::span<const std::uint32_t> chosen, const InputShape& shape) {
  use_one_thread();
  Batch batch = gather(samples, chosen, shape);
  std::vector<at::Tensor> leaves = tensors_of(model.layout(), parameters);
  for (at::Tensor& leaf : leaves) leaf.requires_grad_();
  at::AutoGradMode recording(true);
  at::Tensor loss = at::cross_entropy_loss(model.logits(leaves, batch.inputs), batch.labels);
  at::Tensor penalty = model.penalty(leaves);
  if (penalty.defined()) loss = loss.add(penalty);
  std::vector<at::Tensor> parts = torch::autograd::grad({loss}, leaves);
  Gradient result{at::empty({model.layout().size()}, at::kFloat), loss.item<double>()};
  float* out = result.values.mutable_data_ptr<float>();
  for (const at::Tensor& part : parts) {
    at::Tensor row = part.contiguous();
    std::memcpy(out, row.const_data_ptr<float>(), row.nbytes());
    out += row.numel();
  }
  return result;
}

Quality evaluate(const Model& model, const at::Tensor& parameters, const Samples& samples,
                 std::span<const std::uint32_t> chosen, const InputShape& shape) {
  constexpr std::size_t kBatch = 50;
  use_one_thread();
  at::NoGradGuard no_gradients;
  std::vector<at::Tensor> tensors = tensors_of(model.layout(), parameters);
  double correct = 0;
  double loss = 0;
  for (std::size_t from = 0; from < chosen.size(); from += kBatch) {
    auto part = chosen.subspan(from, std::min(kBatch, chosen.size() - from));
    Batch batch = gather(samples, part, shape);
    at::Tensor logits = model.logits(tensors, batch.inputs);
    loss += at::cross_entropy_loss(logits, batch.labels).item<double>() * static_cast<double>(part.size());
    correct += at::argmax(logits, 1).eq(batch.labels).sum().item<double>();
  }
  auto total = static_cast<double>(chosen.size());
  at::Tensor penalty = model.penalty(tensors);
  return {correct / total, loss / total + (penalty.defined() ? penalty.item<double>() : 0.0)};
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
