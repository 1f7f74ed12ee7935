#include "training/methods/feedback.h"

#include <cmath>

namespace telegrad::training {

Feedback::Feedback(const NodeContext& context, const Settings& settings, std::unique_ptr<Compressor> inner)
    : context_(context), settings_(settings), inner_(std::move(inner)),
      residual_(static_cast<std::size_t>(context.layout.size())) {
  if (settings.momentum > 0) momentum_.resize(residual_.size());
}

void Feedback::compensate(std::span<const float> gradient) {
  float scale = 1;
  if (settings_.clip_norm) {
    double squares = 0;
    for (float value : gradient) squares += static_cast<double>(value) * value;
    double limit = *settings_.clip_norm / std::sqrt(static_cast<double>(context_.workers));
    if (squares > limit * limit) scale = static_cast<float>(limit / std::sqrt(squares));
  }
  if (momentum_.empty()) {
    for (std::size_t i = 0; i < residual_.size(); ++i) residual_[i] += scale * gradient[i];
    return;
  }
  const auto a = static_cast<float>(settings_.momentum);
  for (std::size_t i = 0; i < residual_.size(); ++i) {
    const float g = scale * gradient[i];
    momentum_[i] = settings_.nesterov ? a * (momentum_[i] + g) : a * momentum_[i] + g;
    residual_[i] += settings_.nesterov ? momentum_[i] + g : momentum_[i];
  }
}

void Feedback::mask(const Payload& sent) {
  Masked masked;
  for (const Block& block : sent.blocks()) {
    codecs::BlockView view = open(block, units());
    if (view.header.index_codec == codecs::IndexCodec::none && !settings_.masks_whole_units) continue;
    codecs::for_each_entry(view, [&](std::uint32_t at, float) {
      masked.at.push_back(at);
      masked.momentum.push_back(momentum_[at]);
      momentum_[at] = 0;
    });
  }
  masked_.add(sent, std::move(masked));
}

Payload Feedback::encode(std::span<const float> gradient, const Step& step, Cut cut) {
  compensate(gradient);
  Payload payload = inner_->encode(residual_, step, cut);
  inner_->add(payload, -1.0F, residual_);
  if (!momentum_.empty() && settings_.factor_masking) mask(payload);
  return payload;
}

void Feedback::restore(const Payload& returned) {
  inner_->add(returned, 1.0F, residual_);
  inner_->restore(returned);
  if (momentum_.empty()) return;
  for (const Block& block : returned.blocks()) {
    const Masked* masked = masked_.of(block);
    if (block.lost || masked == nullptr) continue;
    codecs::BlockView view = open(block, units());
    const std::uint32_t end = view.header.first + view.header.span;
    for (std::size_t i = 0; i < masked->at.size(); ++i) {
      if (masked->at[i] >= view.header.first && masked->at[i] < end)
        momentum_[masked->at[i]] += masked->momentum[i];
    }
  }
}

double Feedback::traffic() const {
  const double floats = momentum_.empty() ? 3 : 5;
  return inner_->traffic() + 4 * floats * static_cast<double>(residual_.size());
}

}  // namespace telegrad::training
