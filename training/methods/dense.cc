#include "training/methods/dense.h"

#include "training/methods/options.h"
#include "training/methods/quantise.h"
#include "training/methods/randomness.h"

namespace telegrad::training {
namespace {

class Dense final : public Compressor {
 public:
  Dense(const Value& resolved, const NodeContext& context)
      : context_(context), stamp_(training::stamp(resolved, context)), value_(value_codec(resolved)),
        units_(training::units(context.layout, Granularity::model)) {}

  Payload encode(std::span<const float> values, const Step& step, Cut cut) override {
    require_finite(values, context_, step);
    auto coverage = codecs::covered_once(units_[0].size);
    if (value_ != codecs::ValueCodec::natural) {
      return pack_dense(stamp_, units_, coverage, cut, codecs::FloatSource(value_, values));
    }
    rounded_.resize(values.size());
    fill_uniform(rounded_, context_, step, 0);
    for (std::size_t i = 0; i < values.size(); ++i) rounded_[i] = natural(values[i], rounded_[i]);
    return pack_dense(stamp_, units_, coverage, cut, codecs::FloatSource(value_, rounded_));
  }

  std::span<const codecs::Unit> units() const override { return units_; }
  Shape shape() const override { return Shape::linear; }
  double traffic() const override { return units_[0].size * (4 + codecs::value_bits(value_) / 8.0); }

 private:
  NodeContext context_;
  codecs::Stamp stamp_;
  codecs::ValueCodec value_;
  std::vector<codecs::Unit> units_;
  std::vector<float> rounded_;
};

}  // namespace

std::unique_ptr<Compressor> make_dense(const Value& resolved, const NodeContext& context) {
  return with_feedback(resolved, context, std::make_unique<Dense>(resolved, context));
}

Entry<Maker> dense_method() {
  return {{.name = "dense",
           .summary = "all values, as fp32, fp16, bf16 or powers of two",
           .source = "",
           .parameters = Table{value_parameter(), zstd_parameter()} + feedback_parameters(false),
           .example = R"({"type": "dense", "value": "fp32"})",
           .formula = "32 d bits; 16 d as fp16 or bf16, 9 d as natural",
           .traits = {"linear", "deterministic"}},
          {make_dense, "dense"}};
}

}  // namespace telegrad::training
