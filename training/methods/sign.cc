#include "training/methods/options.h"
#include "training/methods/quantised.h"

namespace telegrad::training {
namespace {

/// Signs without a scale: of the gradient, or of its running mean (Signum).
class Sign final : public Quantised {
 public:
  Sign(const Value& resolved, const NodeContext& context)
      : Quantised(resolved, context, codecs::ValueCodec::sign) {}

 protected:
  void quantise(std::span<const float> values, std::span<const float>, std::span<std::int32_t> symbols,
                std::span<float>) override {
    for (std::size_t i = 0; i < values.size(); ++i) symbols[i] = values[i] < 0 ? 1 : 0;
  }
  bool random() const override { return false; }
};

/// m = b m + (1 - b) g before the sign.
class Signum final : public Compressor {
 public:
  Signum(const Value& resolved, const NodeContext& context)
      : momentum_(static_cast<float>(resolved["momentum"].number())), sign_(resolved, context),
        mean_(static_cast<std::size_t>(context.layout.size())) {}

  Payload encode(std::span<const float> values, const Step& step, Cut cut) override {
    for (std::size_t i = 0; i < values.size(); ++i) {
      mean_[i] = momentum_ * mean_[i] + (1 - momentum_) * values[i];
    }
    return sign_.encode(mean_, step, cut);
  }
  std::span<const codecs::Unit> units() const override { return sign_.units(); }
  double traffic() const override { return sign_.traffic() + 12 * static_cast<double>(mean_.size()); }

 private:
  float momentum_;
  Sign sign_;
  std::vector<float> mean_;
};

}  // namespace

Entry<Maker> sign_method() {
  return {
      {.name = "sign",
       .summary =
           "one bit an entry and no scale: signSGD, with momentum Signum, with a majority down-link the vote",
       .source = "Bernstein, Wang, Azizzadenesheli, Anandkumar 2018; Bernstein, Zhao, Azizzadenesheli, "
                 "Anandkumar 2019",
       .parameters =
           Table{real("momentum", "the sign is taken of m = b m + (1 - b) g").in(0, 0.9999).otherwise(0.0)} +
           quantised_parameters("model") + feedback_parameters(false),
       .example = R"({"type": "sign", "momentum": 0.9})",
       .check =
           [](const Value& resolved, std::vector<Problem>& problems) {
             if (!resolved["error_feedback"].boolean()) return;
             problems.push_back({"/error_feedback", 0, 0,
                                 "a sign without a scale says nothing of how much is left over",
                                 "choose scaled_sign, or leave feedback out"});
           },
       .formula = "d bits",
       .traits = {"deterministic"}},
      {[](const Value& resolved, const NodeContext& context) -> std::unique_ptr<Compressor> {
         if (resolved["momentum"].number() > 0) return std::make_unique<Signum>(resolved, context);
         return std::make_unique<Sign>(resolved, context);
       },
       "majority"}};
}

}  // namespace telegrad::training
