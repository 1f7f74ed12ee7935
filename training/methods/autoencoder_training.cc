#include "training/methods/autoencoder_training.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/mse_loss.h>
#include <ATen/ops/zeros.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/optim/adam.h>
#include <torch/optim/sgd.h>

#include <algorithm>

#include "training/initial_weights.h"
#include "training/learning/gradient.h"
#include "training/methods/shared_results.h"

namespace telegrad::training {
namespace {

constexpr std::uint64_t kSeeds = 0x4c4743;  // apart from the model's own weights

std::vector<at::Tensor> trained(const Layout& layout, const at::Tensor& weights) {
  std::vector<at::Tensor> leaves = tensors_of(layout, weights);
  for (at::Tensor& leaf : leaves) leaf.requires_grad_();
  return leaves;
}

}  // namespace

struct AutoencoderTraining::Optimizer {
  std::unique_ptr<torch::optim::Optimizer> rule;
};

AutoencoderTraining::AutoencoderTraining(const Autoencoder& layers, const Settings& settings)
    : layers_(layers), settings_(settings), optimizer_(std::make_unique<Optimizer>()) {
  const std::uint64_t seed = combine(settings.seed, kSeeds);
  encoder_ = draw_weights(layers.encoder(), seed);
  encoder_leaves_ = leaves_ = trained(layers.encoder(), encoder_);
  for (std::uint32_t k = 0; k < settings.decoders; ++k) {
    decoders_.push_back(draw_weights(layers.decoder(), combine(seed, k + 1)));
    decoder_leaves_.push_back(trained(layers.decoder(), decoders_.back()));
    leaves_.insert(leaves_.end(), decoder_leaves_.back().begin(), decoder_leaves_.back().end());
  }
  if (settings.adam) {
    optimizer_->rule =
        std::make_unique<torch::optim::Adam>(leaves_, torch::optim::AdamOptions(settings.learning_rate));
  } else {
    optimizer_->rule =
        std::make_unique<torch::optim::SGD>(leaves_, torch::optim::SGDOptions(settings.learning_rate));
  }
}

AutoencoderTraining::~AutoencoderTraining() = default;

at::Tensor AutoencoderTraining::stacked(const std::vector<Example>& examples, bool innovations) const {
  const auto rows = static_cast<std::int64_t>(examples.size());
  at::Tensor all = at::zeros({rows, 1, std::int64_t{layers_.padded()}}, at::kFloat);
  float* out = all.mutable_data_ptr<float>();
  for (const Example& example : examples) {
    const std::vector<float>& values = innovations ? example.innovation : example.values;
    std::copy(values.begin(), values.end(), out);
    out += layers_.padded();
  }
  return all;
}

at::Tensor similarity_loss(const at::Tensor& latents) {
  const auto n = latents.size(0);
  const at::Tensor rows = latents.reshape({n, -1});
  return rows.unsqueeze(0).sub(rows.unsqueeze(1)).square().sum().div(rows.size(1));
}

AutoencoderTraining::Losses AutoencoderTraining::from_one(const std::vector<Example>& examples,
                                                          std::size_t leader) {
  use_one_thread();
  at::AutoGradMode recording(true);
  const auto n = static_cast<std::int64_t>(examples.size());
  const at::Tensor values = stacked(examples, false);
  const at::Tensor innovations = stacked(examples, true);
  const at::Tensor latents = layers_.encoded(encoder_leaves_, values);
  const at::Tensor code = latents.narrow(0, static_cast<std::int64_t>(leader), 1);
  at::Tensor reconstruction = at::zeros({}, at::kFloat);
  for (std::int64_t k = 0; k < n; ++k) {
    const auto& decoder = decoder_leaves_.at(examples[static_cast<std::size_t>(k)].worker);
    const at::Tensor guess = layers_.decoded(decoder, code, innovations.narrow(0, k, 1));
    reconstruction = reconstruction.add(at::mse_loss(guess, values.narrow(0, k, 1)));
  }
  const at::Tensor similarity = similarity_loss(latents);
  step(reconstruction.mul(1 - settings_.similarity).add(similarity, settings_.similarity));
  return {reconstruction.item<double>(), similarity.item<double>()};
}

AutoencoderTraining::Losses AutoencoderTraining::from_all(const std::vector<Example>& examples) {
  use_one_thread();
  at::AutoGradMode recording(true);
  const at::Tensor values = stacked(examples, false);
  const at::Tensor code = layers_.encoded(encoder_leaves_, values).mean({0}, true);
  const at::Tensor guess = layers_.decoded(decoder_leaves_.front(), code, {});
  const at::Tensor loss = at::mse_loss(guess, values.mean({0}, true));
  step(loss);
  return {loss.item<double>(), 0};
}

void AutoencoderTraining::step(const at::Tensor& loss) {
  // Decoders of workers that sent nothing have no gradient.
  const std::vector<at::Tensor> gradients =
      torch::autograd::grad({loss}, leaves_, {}, {}, /*create_graph=*/false, /*allow_unused=*/true);
  for (std::size_t i = 0; i < leaves_.size(); ++i) leaves_[i].mutable_grad() = gradients[i];
  optimizer_->rule->step();
}

double AutoencoderTraining::flops(double workers) const {
  const double decodings = decoders_.size() > 1 ? workers : 1;
  return 3 * (workers * layers_.encoding_flops() + decodings * layers_.decoding_flops());
}

}  // namespace telegrad::training
