#include "training/methods/autoencoder.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/conv1d.h>
#include <ATen/ops/conv_transpose1d.h>
#include <ATen/ops/leaky_relu.h>
#include <ATen/ops/upsample_nearest1d.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <cmath>

#include "training/learning/gradient.h"

namespace telegrad::training {
namespace {

constexpr std::uint32_t kShortest = 64;
constexpr std::size_t kHalvings = 4;
constexpr std::int64_t kEncoder[] = {1, 64, 128, 256, 64, Autoencoder::kChannels};
constexpr std::int64_t kDecoder[] = {Autoencoder::kChannels, 32, 64, 128, 32};

void add_layer(Layout& layout, const std::string& name, std::vector<std::int64_t> shape, std::int64_t fan_in,
               std::int64_t outputs) {
  const double bound = 1 / std::sqrt(static_cast<double>(fan_in));
  layout.add(name + ".weight", std::move(shape), bound);
  layout.add(name + ".bias", {outputs}, bound);
}

at::Tensor activated(const at::Tensor& x) { return at::leaky_relu(x, 0.01); }

/// Two for each multiply-accumulate of weights that are used `positions` times.
double operations(const TensorPlace& weight, double positions) {
  return 2 * static_cast<double>(weight.size) * positions;
}

at::Tensor row(std::span<const float> values, std::uint32_t length) {
  at::Tensor result = at::zeros({1, 1, std::int64_t{length}}, at::kFloat);
  std::copy(values.begin(), values.end(), result.mutable_data_ptr<float>());
  return result;
}

}  // namespace

std::uint32_t latent_positions(std::uint32_t values) {
  for (std::size_t i = 0; i < kHalvings; ++i) values = values < 3 ? 0 : (values - 3) / 2 + 1;
  return values;
}

Autoencoder::Autoencoder(std::uint32_t values, bool innovation)
    : values_(values), padded_(std::max(values, kShortest)), positions_(latent_positions(padded_)) {
  for (std::size_t i = 0; i + 1 < std::size(kEncoder); ++i) {
    const std::int64_t kernel = i < kHalvings ? 3 : 1;
    const std::int64_t in = kEncoder[i], out = kEncoder[i + 1];
    add_layer(encoder_, "encoder" + std::to_string(i + 1), {out, in, kernel}, in * kernel, out);
  }
  for (std::size_t i = 0; i + 1 < std::size(kDecoder); ++i) {
    const std::int64_t in = kDecoder[i], out = kDecoder[i + 1];
    add_layer(decoder_, "decoder" + std::to_string(i + 1), {in, out, 3}, out * 3, out);
  }
  const std::int64_t last = kDecoder[std::size(kDecoder) - 1] + (innovation ? 1 : 0);
  add_layer(decoder_, "decoder5", {1, last, 1}, last, 1);
}

at::Tensor Autoencoder::encoded(std::span<const at::Tensor> w, const at::Tensor& inputs) const {
  at::Tensor x = inputs;
  for (std::size_t i = 0; i < kHalvings; ++i) x = activated(at::conv1d(x, w[2 * i], w[2 * i + 1], 2));
  return activated(at::conv1d(x, w[2 * kHalvings], w[2 * kHalvings + 1]));
}

at::Tensor Autoencoder::decoded(std::span<const at::Tensor> w, const at::Tensor& latents,
                                const at::Tensor& innovations) const {
  at::Tensor x = latents;
  for (std::size_t i = 0; i < kHalvings; ++i) {
    x = activated(at::conv_transpose1d(x, w[2 * i], w[2 * i + 1], 2));
  }
  x = at::upsample_nearest1d(x, std::int64_t{padded_});
  if (innovations.defined()) x = at::cat({x, innovations}, 1);
  return at::conv1d(x, w[2 * kHalvings], w[2 * kHalvings + 1]);
}

std::vector<float> Autoencoder::encode(const at::Tensor& weights, std::span<const float> values) const {
  use_one_thread();
  at::NoGradGuard no_gradients;
  const at::Tensor latents = encoded(tensors_of(encoder_, weights), row(values, padded_)).contiguous();
  const float* first = latents.const_data_ptr<float>();
  return {first, first + latents.numel()};
}

std::vector<float> Autoencoder::decode(const at::Tensor& weights, std::span<const float> latents,
                                       std::span<const float> innovation) const {
  use_one_thread();
  at::NoGradGuard no_gradients;
  const auto l = std::int64_t{positions_};
  const at::Tensor z = row(latents, kChannels * positions_).view({1, kChannels, l});
  const at::Tensor seen = innovation.empty() ? at::Tensor() : row(innovation, padded_);
  const at::Tensor values = decoded(tensors_of(decoder_, weights), z, seen).contiguous();
  const float* first = values.const_data_ptr<float>();
  return {first, first + values_};
}

/// Latent j reaches positions 16 j to 16 j + 30 of the 16 l + 15 that the decoder makes, which are then resized.
bool Autoencoder::depends(std::uint32_t at, const std::vector<bool>& alive) const {
  const std::uint64_t length = 16 * std::uint64_t{positions_} + 15;
  const std::uint64_t source = at * length / padded_;
  const std::uint64_t first = source < 31 ? 0 : (source - 15) / 16;
  for (std::uint64_t j = first; j < positions_ && 16 * j <= source; ++j) {
    if (!alive[j] && source <= 16 * j + 30) return true;
  }
  return false;
}

double Autoencoder::encoding_flops() const {
  double sum = 0;
  std::uint32_t length = padded_;
  for (const TensorPlace& place : encoder_.tensors()) {
    if (place.shape.size() < 2) continue;
    if (place.shape.back() == 3) length = (length - 3) / 2 + 1;
    sum += operations(place, length);
  }
  return sum;
}

/// A transposed layer uses its weights once for each position that it reads.
double Autoencoder::decoding_flops() const {
  double sum = 0;
  std::uint32_t length = positions_;
  for (const TensorPlace& place : decoder_.tensors()) {
    if (place.shape.size() < 2) continue;
    const bool last = place.shape.back() == 1;
    sum += operations(place, last ? padded_ : length);
    length = 2 * length + 1;
  }
  return sum;
}

}  // namespace telegrad::training
