#include "training/methods/lgc_layers.h"

#include <algorithm>
#include <numeric>

#include "sim/core/errors.h"
#include "training/kernels/select.h"
#include "training/methods/named_tensors.h"
#include "training/methods/options.h"
#include "training/methods/ratio.h"

namespace telegrad::training {

LgcLayers::LgcLayers(const Value& resolved, const Layout& layout)
    : size(static_cast<std::uint32_t>(layout.size())) {
  const double ratio = resolved["ratio"].number();
  const Value* innovation = resolved.find("innovation_ratio");
  const std::size_t count = layout.tensors().size();
  const auto from = static_cast<std::size_t>(resolved["whole_first"].integer());
  const auto behind = static_cast<std::size_t>(resolved["whole_last"].integer());
  const Value* names = resolved.find("whole");
  std::vector<bool> is_whole(count);
  for (std::size_t i = 0; i < count; ++i) is_whole[i] = i < from || i + behind >= count;
  if (names != nullptr) is_whole = named_tensors(*names, "whole", layout);
  const std::vector<bool> is_plain = named_tensors(resolved["top_k_only"], "top_k_only", layout);
  for (std::size_t i = 0; i < count; ++i) {
    const TensorPlace& place = layout.tensors()[i];
    const auto first = static_cast<std::uint32_t>(place.offset);
    const auto length = static_cast<std::uint32_t>(place.size);
    if (length == 0) continue;
    const bool all = is_whole[i] && !is_plain[i];
    if (runs.empty() || runs.back().whole != all) runs.push_back({first, first, all});
    runs.back().end = first + length;
    if (all) {
      whole += length;
      continue;
    }
    Tensor tensor{first, length, static_cast<std::uint32_t>(ratio_to_k(ratio, length)), 0, !is_plain[i]};
    if (innovation != nullptr) {
      tensor.innovation =
          std::min(tensor.kept, static_cast<std::uint32_t>(ratio_to_k(innovation->number(), length)));
    }
    (tensor.coded ? coded : plain) += tensor.kept;
    sparse.push_back(tensor);
  }
}

std::uint32_t LgcLayers::count(const Tensor& tensor, Choice choice) {
  switch (choice) {
    case Choice::kept: return tensor.kept;
    case Choice::coded: return tensor.coded ? tensor.kept : 0;
    case Choice::plain: return tensor.coded ? 0 : tensor.kept;
    case Choice::innovation: return tensor.coded ? tensor.innovation : tensor.kept;
  }
  return 0;
}

Coordinates LgcLayers::largest(std::span<const float> values, Choice choice, const NodeContext& context,
                               const Step& step) const {
  Coordinates result, chosen;
  std::vector<std::uint64_t> scratch;
  for (const Tensor& tensor : sparse) {
    const std::uint32_t k = count(tensor, choice);
    if (k == 0) continue;
    if (!kernels::select_largest(values.subspan(tensor.first, tensor.size), k, scratch, chosen)) {
      require_finite(values, context, step);
    }
    for (std::uint32_t at : chosen) result.push_back(tensor.first + at);
  }
  return result;
}

Coordinates LgcLayers::some(Choice choice) const {
  Coordinates result;
  for (const Tensor& tensor : sparse) {
    for (std::uint32_t i = 0; i < count(tensor, choice); ++i) result.push_back(tensor.first + i);
  }
  return result;
}

std::vector<std::uint32_t> LgcLayers::by_sign(std::span<const std::uint32_t> places,
                                              std::span<const float> values) const {
  std::vector<std::uint32_t> order(places.size());
  std::iota(order.begin(), order.end(), 0U);
  auto from = order.begin();
  for (const Tensor& tensor : sparse) {
    const std::uint32_t end = tensor.first + tensor.size;
    const auto to = std::find_if(from, order.end(), [&](std::uint32_t i) { return places[i] >= end; });
    std::stable_partition(from, to, [&](std::uint32_t i) { return values[i] < 0; });
    from = to;
  }
  return order;
}

bool LgcLayers::is_coded(std::uint32_t coordinate) const {
  auto behind = std::upper_bound(sparse.begin(), sparse.end(), coordinate,
                                 [](std::uint32_t at, const Tensor& tensor) { return at < tensor.first; });
  if (behind == sparse.begin()) return false;
  const Tensor& tensor = *std::prev(behind);
  return tensor.coded && coordinate < tensor.first + tensor.size;
}

std::vector<std::uint32_t> LgcLayers::innovations(std::span<const float> values) const {
  std::vector<std::uint32_t> result, chosen;
  std::vector<std::uint64_t> scratch;
  std::uint32_t from = 0;
  for (const Tensor& tensor : sparse) {
    if (!tensor.coded) continue;
    const bool finite =
        kernels::select_largest(values.subspan(from, tensor.kept), tensor.innovation, scratch, chosen);
    expect(finite, "values that were sent are finite");
    for (std::uint32_t at : chosen) result.push_back(from + at);
    from += tensor.kept;
  }
  return result;
}

Table lgc_layer_parameters(bool innovation) {
  Table table{
      real("ratio", "share of the entries of a tensor whose values pass the autoencoder")
          .over(0, 1)
          .otherwise(0.001),
      integer("whole_first", "so many tensors from the front are sent whole").at_least(0).otherwise(1),
      integer("whole_last", "so many tensors from the end are sent whole").at_least(0).otherwise(2),
      texts("whole",
            "names of the tensors that are sent whole, instead of the first and the last; conv1.* means "
            "all that begin so, *.bias all that end so")
          .optional(),
      texts("top_k_only", "names of tensors whose largest entries are sent without the autoencoder")
          .otherwise_json("[]"),
  };
  if (innovation) {
    table.push_back(
        real("innovation_ratio", "share of the entries of a tensor that every worker sends itself")
            .over(0, 1)
            .otherwise(0.00001));
  }
  return table;
}

void check_lgc_layers(const Value& resolved, std::vector<Problem>& problems) {
  if (resolved["innovation_ratio"].number() < resolved["ratio"].number()) return;
  problems.push_back(
      {"/innovation_ratio", 0, 0, "expected less than the ratio", "about a hundredth of the ratio is usual"});
}

}  // namespace telegrad::training
