#include <numeric>

#include "training/downlinks/downlink.h"
#include "training/methods/compressor.h"

namespace telegrad::training {
namespace {

class UnionSparse final : public Downlink {
 public:
  UnionSparse(const Layout& layout, Granularity granularity)
      : size_(layout.size()), units_(training::units(layout, granularity)) {}

  Payload encode(const Sum& sum, Count count, std::uint32_t contributions, Cut cut) override {
    std::vector<std::uint32_t> support = sum.support();
    if (sum.dense()) {
      support.resize(sum.values().size());
      std::iota(support.begin(), support.end(), 0U);
    }
    std::vector<float> values(support.size());
    for (std::size_t i = 0; i < support.size(); ++i) values[i] = sum.values()[support[i]];
    auto coverage = count == Count::contributors ? sum.coverage() : sum.uncut(contributions);
    codecs::Stamp stamp{.method = codecs::MethodId::folded, .flags = codecs::kFolded};
    return pack_sparse(stamp, units_, coverage, cut, support, values);
  }

  std::span<const codecs::Unit> units() const override { return units_; }
  /// The bits of the support; what it holds is small beside it.
  double traffic() const override { return static_cast<double>(size_) * 4; }

 private:
  std::int64_t size_;
  std::vector<codecs::Unit> units_;
};

}  // namespace

Entry<MakeDownlink> union_sparse_downlink() {
  return {{.name = "union_sparse",
           .summary = "the sum at every coordinate that some worker sent, with indices",
           .source = "",
           .parameters = {granularity_parameter()},
           .example = R"({"type": "union_sparse"})"},
          [](const Value& resolved, const Layout& layout) {
            return std::make_unique<UnionSparse>(layout, granularity(resolved));
          }};
}

}  // namespace telegrad::training
