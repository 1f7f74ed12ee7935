#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <span>
#include <vector>

#include "training/layout.h"

namespace telegrad::training {

/// LGC's autoencoder of gradient values (Abrahamyan et al. 2021): mu values become 4 channels of about mu / 16
/// numbers, and come back. Every encoder layer halves the length (kernel 3, stride 2, no padding), every decoder layer
/// doubles it; the last one sees, where there is an innovation, also that.
class Autoencoder {
 public:
  static constexpr std::uint32_t kChannels = 4;  // of a latent

  Autoencoder(std::uint32_t values, bool innovation);

  std::uint32_t values() const { return values_; }  // mu
  /// What the layers see: shorter vectors than 64 are followed by zeros.
  std::uint32_t padded() const { return padded_; }
  std::uint32_t positions() const { return positions_; }  // of a latent, for each channel
  std::uint32_t latents() const { return kChannels * positions_; }
  const Layout& encoder() const { return encoder_; }
  const Layout& decoder() const { return decoder_; }
  /// Operations, two for each multiply-accumulate, biases left out.
  double encoding_flops() const;
  double decoding_flops() const;

  /// weights: [encoder().size()], values: [mu]; returns [latents], channel by channel.
  std::vector<float> encode(const at::Tensor& weights, std::span<const float> values) const;
  /// weights: [decoder().size()]; innovation: [mu], or nothing; returns [mu].
  std::vector<float> decode(const at::Tensor& weights, std::span<const float> latents,
                            std::span<const float> innovation) const;
  /// Whether value `at` comes from a latent position that is not `alive`.
  bool depends(std::uint32_t at, const std::vector<bool>& alive) const;

  /// The layers as functions of their weights, for the training. inputs: [n, 1, padded]; latents: [n, 4, positions];
  /// innovations: [n, 1, padded] or undefined.
  at::Tensor encoded(std::span<const at::Tensor> weights, const at::Tensor& inputs) const;
  at::Tensor decoded(std::span<const at::Tensor> weights, const at::Tensor& latents,
                     const at::Tensor& innovations) const;

 private:
  std::uint32_t values_;
  std::uint32_t padded_;
  std::uint32_t positions_;
  Layout encoder_;
  Layout decoder_;
};

/// max(0, the length of a latent of so many values): four times floor((l - 3) / 2) + 1.
std::uint32_t latent_positions(std::uint32_t values);

}  // namespace telegrad::training
