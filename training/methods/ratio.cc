#include "training/methods/ratio.h"

#include <algorithm>
#include <cmath>

#include "training/methods/named_tensors.h"

namespace telegrad::training {

std::size_t ratio_to_k(double ratio, std::size_t size) {
  double k = std::floor(ratio * static_cast<double>(size) + 0.5);
  return std::min(size, static_cast<std::size_t>(std::max(k, 1.0)));
}

Keep::Keep(const Value& resolved, const Layout& layout)
    : stage_(static_cast<std::uint64_t>(resolved["warmup_rounds"].integer())),
      whole_below_(static_cast<std::size_t>(resolved["whole_below"].integer())) {
  if (const Value* ratio = resolved.find("ratio")) ratio_ = ratio->number();
  if (const Value* k = resolved.find("k")) k_ = static_cast<std::size_t>(k->integer());
  for (const Value& ratio : resolved["warmup_ratios"].items()) warmup_.push_back(ratio.number());
  const std::vector<bool> named = named_tensors(resolved["whole"], "whole", layout);
  for (std::size_t i = 0; i < named.size(); ++i) {
    const TensorPlace& place = layout.tensors()[i];
    if (!named[i]) continue;
    whole_.push_back({static_cast<std::uint32_t>(place.offset), static_cast<std::uint32_t>(place.size)});
  }
}

bool Keep::in_named_tensor(const codecs::Unit& unit) const {
  return std::any_of(whole_.begin(), whole_.end(), [&](const codecs::Unit& tensor) {
    return tensor.first <= unit.first && unit.first + unit.size <= tensor.first + tensor.size;
  });
}

std::size_t Keep::of(const codecs::Unit& unit, std::uint64_t round) const {
  const std::size_t size = unit.size;
  if (size < whole_below_ || in_named_tensor(unit)) return size;
  const std::size_t stage = static_cast<std::size_t>((round - 1) / stage_);
  if (round > 0 && stage < warmup_.size()) return ratio_to_k(warmup_[stage], size);
  return k_ ? std::min(*k_, size) : ratio_to_k(ratio_, size);
}

Table keep_parameters() {
  return {real("ratio", "share of the entries of each unit that is sent").over(0, 1).optional(),
          integer("k", "entries of each unit that are sent").in(1, 2e9).optional(),
          reals("warmup_ratios",
                "ratios of the first stages of warmup_rounds rounds, for example the paper's "
                "[0.25, 0.0625, 0.015625, 0.004]")
              .otherwise_json("[]"),
          integer("warmup_rounds", "rounds of a warm-up stage").at_least(1).otherwise(1),
          integer("whole_below", "units of fewer coordinates are sent whole, without indices")
              .at_least(0)
              .otherwise(0),
          texts("whole",
                "names of tensors that are sent whole, without indices; conv1.* means all that begin so, "
                "*.bias all that end so")
              .otherwise_json("[]")};
}

void check_keep(const Value& resolved, std::vector<Problem>& problems) {
  bool ratio = resolved.find("ratio") != nullptr;
  bool k = resolved.find("k") != nullptr;
  if (ratio == k)
    problems.push_back({ratio ? "/k" : "/ratio", 0, 0, "expected exactly one of 'ratio' and 'k'", ""});
  if (!resolved["whole"].items().empty() && resolved["granularity"].text() == "model") {
    problems.push_back({"/whole", 0, 0, "names tensors, but with the granularity model they are one unit",
                        "set granularity to tensor"});
  }
  for (const Value& warm : resolved["warmup_ratios"].items()) {
    if (warm.number() > 0 && warm.number() <= 1) continue;
    problems.push_back({"/warmup_ratios", 0, 0, "expected ratios above 0 and at most 1", ""});
    break;
  }
}

}  // namespace telegrad::training
