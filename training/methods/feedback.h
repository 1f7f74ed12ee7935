#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "training/methods/compressor.h"
#include "training/methods/pending.h"

namespace telegrad::training {

/// Error feedback around any compressor C (Seide et al. 2014; Stich, Cordonnier, Jaggi 2018):
///   p = m + g, c = C(p), m = p - c,
/// and what was lost returns to m. With momentum correction (Lin et al. 2018), for the momentum a:
///   u = a u + g, m = m + u, c = C(m), m = m - c, and u = 0 where c was sent (factor masking).
class Feedback final : public Compressor {
 public:
  struct Settings {
    double momentum = 0;
    bool nesterov = false;  // u = a (u + g), m = m + u + g
    bool factor_masking = true;
    bool masks_whole_units = false;        // a unit that is sent whole keeps its momentum otherwise
    std::optional<double> clip_norm = {};  // of g, divided by sqrt(workers)
  };

  Feedback(const NodeContext& context, const Settings& settings, std::unique_ptr<Compressor> inner);

  Payload encode(std::span<const float> gradient, const Step& step, Cut cut) override;
  void restore(const Payload& returned) override;
  void add(const Payload& payload, float factor, std::span<float> into) const override {
    inner_->add(payload, factor, into);
  }
  std::span<const codecs::Unit> units() const override { return inner_->units(); }
  bool feedback() const override { return true; }
  Shape shape() const override { return inner_->shape(); }
  bool reads_link() const override { return inner_->reads_link(); }
  /// Beside the encoder's: residual read and written, and momentum.
  double traffic() const override;
  bool expands() const override { return inner_->expands(); }
  void expand(std::span<const float> wire, std::uint64_t round, std::span<float> gradient) const override {
    inner_->expand(wire, round, gradient);
  }

  std::span<const float> residual() const { return residual_; }
  std::span<const float> momentum() const { return momentum_; }

 private:
  /// Momentum that masking took from the coordinates of one payload.
  struct Masked {
    std::vector<std::uint32_t> at;
    std::vector<float> momentum;
  };

  void compensate(std::span<const float> gradient);
  void mask(const Payload& sent);

  NodeContext context_;
  Settings settings_;
  std::unique_ptr<Compressor> inner_;
  std::vector<float> residual_;
  std::vector<float> momentum_;  // empty without correction
  Pending<Masked> masked_;
};

}  // namespace telegrad::training
