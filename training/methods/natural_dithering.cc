#include "training/methods/options.h"
#include "training/methods/quantise.h"
#include "training/methods/random_levels.h"

namespace telegrad::training {
namespace {

codecs::ValueCoding coding_of(const Value& resolved) {
  const auto s = static_cast<std::uint16_t>(resolved["levels"].integer());
  return {codecs::ValueCodec::dithered, s, codecs::level_width(s)};
}

}  // namespace

Entry<Maker> natural_dithering_method() {
  return {
      {.name = "natural_dithering",
       .summary = "levels at the powers of two below the norm, rounded at random without bias",
       .source = "Horvath, Ho, Horvath, Sahu, Canini, Richtarik 2022",
       .parameters = Table{integer("levels", "s: levels at norm, norm / 2, ..., norm 2^(1-s), and 0")
                               .in(1, 100)
                               .otherwise(7),
                           choice("norm", {"l2", "max"}, "what a bucket is measured by").otherwise("l2")} +
                     quantised_parameters() + feedback_parameters(false),
       .example = R"({"type": "natural_dithering", "levels": 7, "bucket": 512})",
       .check = refuse_feedback,
       .formula = "ceil(log2(2 s + 1)) d + 32 bits a bucket",
       .traits = {"unbiased"}},
      {[](const Value& resolved, const NodeContext& context) {
         return std::make_unique<RandomLevels<dithered_level>>(resolved, context, coding_of(resolved));
       },
       "dense"}};
}

}  // namespace telegrad::training
