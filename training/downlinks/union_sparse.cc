#include "training/downlinks/downlink.h"
#include "training/methods/options.h"

namespace telegrad::training {
namespace {

class UnionSparse final : public Downlink {
 public:
  UnionSparse(const Value& resolved, const AnswerContext& context)
      : indices_(codecs::index_choice(resolved["index"].text())),
        units_(context.units.begin(), context.units.end()) {
    if (!context.expands) units_ = training::units(context.layout, granularity(resolved));
    for (codecs::Unit& unit : units_) unit.bucket = 0;
  }

  Payload encode(const Sum& sum, Count count, std::uint32_t contributions, const Step&, Cut cut) override {
    const std::vector<std::uint32_t> support = sum.support();
    std::vector<float> values(support.size());
    for (std::size_t i = 0; i < support.size(); ++i) values[i] = sum.values()[support[i] - sum.first()];
    auto coverage = count == Count::contributors ? sum.coverage() : sum.uncut(contributions);
    codecs::Stamp stamp{.flags = codecs::kFolded, .indices = indices_};
    return pack_sparse(stamp, units_, coverage, cut, support,
                       codecs::FloatSource(codecs::ValueCodec::fp32, values));
  }

  std::span<const codecs::Unit> units() const override { return units_; }
  /// The bits of the support; what it holds is small beside it.
  double traffic() const override { return 4.0 * codecs::size_of(units_); }

 private:
  codecs::IndexChoice indices_;
  std::vector<codecs::Unit> units_;
};

}  // namespace

Entry<MakeDownlink> union_sparse_downlink() {
  return {{.name = "union_sparse",
           .summary = "the sum at every coordinate that some worker sent, with indices",
           .source = "",
           .parameters = {granularity_parameter(), index_parameter()},
           .example = R"({"type": "union_sparse"})"},
          [](const Value& resolved, const AnswerContext& context) {
            return std::make_unique<UnionSparse>(resolved, context);
          }};
}

}  // namespace telegrad::training
