#include "training/downlinks/downlink.h"
#include "training/methods/compressor.h"

namespace telegrad::training {
namespace {

class DenseDownlink final : public Downlink {
 public:
  DenseDownlink(const Layout& layout, codecs::ValueCodec value)
      : units_(training::units(layout, Granularity::model)), value_(value) {}

  Payload encode(const Sum& sum, Count count, std::uint32_t contributions, Cut cut) override {
    auto coverage = count == Count::contributors ? sum.coverage() : sum.uncut(contributions);
    codecs::Stamp stamp{.method = codecs::MethodId::folded, .value_codec = value_, .flags = codecs::kFolded};
    if (value_ == codecs::ValueCodec::fp32) return pack_dense(stamp, units_, coverage, cut, sum.values());
    // Half-precision sums would overflow where the values themselves do not.
    stamp.flags |= codecs::kMean;
    std::vector<float> means(sum.values().begin(), sum.values().end());
    for (const codecs::Coverage& run : coverage) {
      for (std::uint32_t i = run.first; run.weight > 0 && i < run.end; ++i)
        means[i] /= static_cast<float>(run.weight);
    }
    return pack_dense(stamp, units_, coverage, cut, means);
  }

  std::span<const codecs::Unit> units() const override { return units_; }
  double traffic() const override { return units_[0].size * (4 + codecs::value_bits(value_) / 8.0); }

 private:
  std::vector<codecs::Unit> units_;
  codecs::ValueCodec value_;
};

}  // namespace

Entry<MakeDownlink> dense_downlink() {
  return {{.name = "dense",
           .summary = "all values of the sum, as fp32 or fp16",
           .source = "",
           .parameters = {value_parameter()},
           .example = R"({"type": "dense", "value": "fp32"})"},
          [](const Value& resolved, const Layout& layout) {
            return std::make_unique<DenseDownlink>(layout, value_codec(resolved));
          }};
}

}  // namespace telegrad::training
