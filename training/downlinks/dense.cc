#include "training/downlinks/downlink.h"
#include "training/methods/options.h"

namespace telegrad::training {
namespace {

class DenseDownlink final : public Downlink {
 public:
  DenseDownlink(const AnswerContext& context, codecs::ValueCodec value)
      : units_(codecs::whole(context.size())), value_(value) {}

  Payload encode(const Sum& sum, Count count, std::uint32_t contributions, const Step&, Cut cut) override {
    auto coverage = count == Count::contributors ? sum.coverage() : sum.uncut(contributions);
    codecs::Stamp stamp{.flags = codecs::kFolded};
    if (value_ == codecs::ValueCodec::fp32) {
      return pack_dense(stamp, units_, coverage, cut, codecs::FloatSource(value_, sum.values()));
    }
    // Half-precision sums would overflow where the values themselves do not.
    stamp.flags |= codecs::kMean;
    auto means = mean_of(sum, count, contributions);
    return pack_dense(stamp, units_, coverage, cut, codecs::FloatSource(value_, means));
  }

  std::span<const codecs::Unit> units() const override { return units_; }
  double traffic() const override { return units_[0].size * (4 + codecs::value_bits(value_) / 8.0); }

 private:
  std::vector<codecs::Unit> units_;
  codecs::ValueCodec value_;
};

}  // namespace

std::vector<float> mean_of(const Sum& sum, Count count, std::uint32_t contributions) {
  std::vector<float> means(sum.values().begin(), sum.values().end());
  for (const codecs::Coverage& run :
       count == Count::contributors ? sum.coverage() : sum.uncut(contributions)) {
    for (std::uint32_t i = run.first; run.weight > 0 && i < run.end; ++i) {
      means[i - sum.first()] /= static_cast<float>(run.weight);
    }
  }
  return means;
}

Entry<MakeDownlink> dense_downlink() {
  return {{.name = "dense",
           .summary = "all values of the sum, as fp32, or of the mean as fp16 or bf16",
           .source = "",
           .parameters = {choice("value", {"fp32", "fp16", "bf16"}, "how values travel").otherwise("fp32")},
           .example = R"({"type": "dense", "value": "fp32"})"},
          [](const Value& resolved, const AnswerContext& context) {
            return std::make_unique<DenseDownlink>(context, value_codec(resolved));
          }};
}

}  // namespace telegrad::training
