#include "training/downlinks/downlink.h"

namespace telegrad::training {
namespace {

/// The sign of the sum of what workers sent; a tie votes +1.
class Majority final : public Downlink {
 public:
  explicit Majority(const AnswerContext& context) : units_(codecs::whole(context.size())) {}

  Payload encode(const Sum& sum, Count, std::uint32_t, const Step&, Cut cut) override {
    std::vector<std::int32_t> votes;  // its own: slices are folded side by side
    for (float value : sum.values()) votes.push_back(value < 0 ? 1 : 0);
    return pack_dense({.flags = codecs::kFolded}, units_, sum.coverage(), cut,
                      codecs::SymbolSource(codecs::ValueCodec::sign, votes));
  }

  std::span<const codecs::Unit> units() const override { return units_; }
  bool final() const override { return true; }
  Shape shape(Shape) const override { return Shape::sliceable; }
  double traffic() const override { return 4.125 * units_[0].size; }

 private:
  std::vector<codecs::Unit> units_;
};

}  // namespace

Entry<MakeDownlink> majority_downlink() {
  return {{.name = "majority",
           .summary = "one bit an entry: the sign of the sum, the majority vote over workers' signs",
           .source = "Bernstein, Zhao, Azizzadenesheli, Anandkumar 2019",
           .parameters = {},
           .example = R"({"type": "majority"})"},
          [](const Value&, const AnswerContext& context) { return std::make_unique<Majority>(context); }};
}

}  // namespace telegrad::training
