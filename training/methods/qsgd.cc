#include "training/methods/options.h"
#include "training/methods/quantise.h"
#include "training/methods/random_levels.h"
#include "training/methods/shared_scale.h"

namespace telegrad::training {
namespace {

codecs::ValueCoding coding_of(const Value& resolved) {
  const auto s = static_cast<std::uint16_t>(resolved["levels"].integer());
  if (resolved["code"].text() == "elias") return {codecs::ValueCodec::levels_elias, s, 0};
  return {codecs::ValueCodec::levels, s, codecs::level_width(s)};
}

void check(const Value& resolved, std::vector<Problem>& problems) {
  refuse_feedback(resolved, problems);
  if (!resolved["shared_norm"].boolean() || resolved["code"].text() == "fixed") return;
  problems.push_back({"/code", 0, 0, "sums of levels travel in a fixed width", "choose fixed"});
}

std::unique_ptr<Collective> shared(const Value& resolved, const NodeContext& context) {
  if (!resolved["shared_norm"].boolean()) return nullptr;
  const bool largest = resolved["norm"].text() == "max";
  auto norm = [largest](std::span<const float> values) { return norm_of(values, largest); };
  const auto levels = static_cast<std::uint32_t>(resolved["levels"].integer());
  return make_shared_scale(resolved, context, {.most = levels, .scale = std::move(norm)});
}

}  // namespace

Entry<Maker> qsgd_method() {
  Table parameters =
      Table{integer("levels", "s: magnitudes are rounded to multiples of norm / s; 2^(b-1) - 1 makes b bits")
                .in(1, 32767)
                .otherwise(7),
            choice("norm", {"max", "l2"}, "what a bucket is measured by; practice takes max, theory l2")
                .otherwise("max"),
            choice("code", {"fixed", "elias"},
                   "levels in a fixed width, or in Elias's omega code, where 0 is one bit")
                .otherwise("fixed"),
            boolean("shared_norm",
                    "a bucket's norm is the largest of all workers': levels then add up on their way")
                .otherwise(false)} +
      quantised_parameters() + feedback_parameters(false);
  set_default(parameters, "bucket", 512);
  return {
      {.name = "qsgd",
       .summary = "levels of each bucket's norm, rounded at random without bias",
       .source = "Alistarh, Grubic, Li, Tomioka, Vojnovic 2017",
       .parameters = std::move(parameters),
       .example = R"({"type": "qsgd", "levels": 7, "bucket": 512})",
       .check = check,
       .formula =
           "ceil(log2(2 s + 1)) d + 32 bits a bucket; with elias sum of omega(level + 1) and signs; with a "
           "shared norm ceil(log2(2 N s + 1)) d + 32 a bucket down",
       .traits = {"unbiased", "linear where shared"}},
      {[](const Value& resolved, const NodeContext& context) {
         return std::make_unique<RandomLevels<stochastic_level>>(resolved, context, coding_of(resolved));
       },
       "dense", shared}};
}

}  // namespace telegrad::training
