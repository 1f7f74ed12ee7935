#include <memory>

#include "sim/codecs/pack.h"
#include "training/methods/compressor.h"
#include "training/methods/residual.h"

namespace telegrad::training {
namespace {

class Dense final : public Compressor {
 public:
  Dense(const NodeContext& context, codecs::ValueCodec value, bool feedback)
      : units_(training::units(context.layout, Granularity::model)), stamp_{.method = codecs::MethodId::dense,
                                                                            .value_codec = value,
                                                                            .worker = context.rank} {
    if (feedback) residual_ = std::make_unique<Residual>(context.layout.size());
  }

  Payload encode(const at::Tensor& gradient, const Step&, Cut cut) override {
    auto size = static_cast<std::size_t>(gradient.numel());
    std::span<const float> values(gradient.const_data_ptr<float>(), size);
    if (residual_) values = residual_->compensate(values);
    Payload payload = codecs::pack_dense(stamp_, units_, codecs::covered_once(units_[0].size), cut, values);
    if (residual_) keep_rounding_errors();
    return payload;
  }

  void restore(const Payload& returned) override {
    if (residual_) residual_->restore(returned, units_);
  }

  std::span<const codecs::Unit> units() const override { return units_; }
  bool feedback() const override { return residual_ != nullptr; }
  double traffic() const override {
    double sent = codecs::value_bits(stamp_.value_codec) / 8.0;
    return units_[0].size * (sent + (residual_ ? 12.0 : 4.0));
  }

 private:
  void keep_rounding_errors() {
    for (float& value : residual_->values()) {
      value -= codecs::from_bits(codecs::to_bits(value, stamp_.value_codec), stamp_.value_codec);
    }
  }

  std::vector<codecs::Unit> units_;
  codecs::Stamp stamp_;
  std::unique_ptr<Residual> residual_;
};

std::unique_ptr<Compressor> make(const Value& resolved, const NodeContext& context) {
  return std::make_unique<Dense>(context, value_codec(resolved), resolved["error_feedback"].boolean());
}

}  // namespace

Entry<MakeCompressor> dense_method() {
  return {{.name = "dense",
           .summary = "all values, as fp32 or fp16",
           .source = "",
           .parameters = {value_parameter(),
                          boolean("error_feedback", "keep rounding errors and lost blocks for the next round")
                              .otherwise(false)},
           .example = R"({"type": "dense", "value": "fp16"})"},
          make};
}

}  // namespace telegrad::training
