#pragma once

#include <memory>
#include <vector>

#include "training/methods/autoencoder.h"

namespace telegrad::training {

/// The training of LGC's autoencoder on the values that workers sent in one round: one step of an optimiser a round.
class AutoencoderTraining final {
 public:
  struct Settings {
    std::uint32_t decoders = 1;  // one for each worker, or one for their mean
    double learning_rate = 1e-3;
    bool adam = true;         // plain SGD otherwise
    double similarity = 0.5;  // the share of its loss
    std::uint64_t seed = 0;
  };
  struct Losses {
    double reconstruction = 0;
    double similarity = 0;
  };

  AutoencoderTraining(const Autoencoder& layers, const Settings& settings);
  ~AutoencoderTraining();
  AutoencoderTraining(const AutoencoderTraining&) = delete;
  AutoencoderTraining& operator=(const AutoencoderTraining&) = delete;

  const at::Tensor& encoder() const { return encoder_; }
  const at::Tensor& decoder(std::size_t k) const { return decoders_.at(k); }

  /// One worker's values, normalised alike: [mu], and what of them it sends beside, zero elsewhere.
  struct Example {
    std::uint32_t worker = 0;  // whose decoder
    std::vector<float> values;
    std::vector<float> innovation;
  };
  /// Everybody from the code of one: with E_k = E(g_k),
  ///   (1 - a) sum_k MSE(g_k, D_k(E_leader, i_k)) + a sum_(k != m) MSE(E_k, E_m).
  Losses from_one(const std::vector<Example>& examples, std::size_t leader);
  /// The mean from the mean of the codes: MSE(mean g_k, D(mean E(g_k))).
  Losses from_all(const std::vector<Example>& examples);
  /// Operations of a step of so many workers: backward costs twice what forward does.
  double flops(double workers) const;

 private:
  at::Tensor stacked(const std::vector<Example>& examples, bool innovations) const;
  void step(const at::Tensor& loss);

  const Autoencoder& layers_;
  Settings settings_;
  at::Tensor encoder_;                // [encoder().size()]
  std::vector<at::Tensor> decoders_;  // each [decoder().size()]
  std::vector<at::Tensor> encoder_leaves_;
  std::vector<std::vector<at::Tensor>> decoder_leaves_;
  std::vector<at::Tensor> leaves_;  // of all
  struct Optimizer;
  std::unique_ptr<Optimizer> optimizer_;
};

/// The sum of the mean squared differences of all ordered pairs; latents: [n, ...].
at::Tensor similarity_loss(const at::Tensor& latents);

}  // namespace telegrad::training
