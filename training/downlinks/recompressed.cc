#include "sim/core/errors.h"
#include "training/downlinks/downlink.h"

namespace telegrad::training {
namespace {

/// The mean, compressed again by any method; its feedback lives at the hub, so that both ends remember.
class Recompressed final : public Downlink {
 public:
  explicit Recompressed(std::unique_ptr<Compressor> compressor) : compressor_(std::move(compressor)) {}

  Payload encode(const Sum& sum, Count count, std::uint32_t contributions, const Step& step,
                 Cut cut) override {
    return compressor_->encode(mean_of(sum, count, contributions), step, cut);
  }
  std::span<const codecs::Unit> units() const override { return compressor_->units(); }
  bool final() const override { return true; }
  double traffic() const override { return compressor_->traffic(); }

 private:
  std::unique_ptr<Compressor> compressor_;
};

std::unique_ptr<Downlink> make(const Value& resolved, const AnswerContext& context) {
  auto refuse = [](const char* what, const char* remedy) {
    throw ScenarioError("", {{"/compression/downlink", 0, 0, what, remedy}});
  };
  if (context.expands) refuse("the up-link sends no gradient that could be compressed again", "choose dense");
  const NodeContext hub{context.layout, context.workers, context.workers, context.seed};
  auto compressor = make_compressor(resolved["method"], hub);
  if (compressor->expands())
    refuse("shared entries are drawn by workers, not by the hub", "set shared to false");
  return std::make_unique<Recompressed>(std::move(compressor));
}

}  // namespace

Entry<MakeDownlink> recompressed_downlink() {
  return {{.name = "recompressed",
           .summary = "the mean, compressed again by any method, with the hub's own feedback",
           .source = "Seide, Fu, Droppo, Li, Yu 2014; Tang, Yu, Lian, Zhang, Liu 2019",
           .parameters = {typed("method", "methods", "how the hub compresses")
                              .otherwise_json(R"({"type": "one_bit"})")},
           .example = R"({"type": "recompressed", "method": {"type": "top_k", "ratio": 0.01}})"},
          make};
}

}  // namespace telegrad::training
