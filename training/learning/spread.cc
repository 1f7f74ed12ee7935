#include "training/learning/spread.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "training/span.h"

namespace telegrad::training {
namespace {

double norm_of(std::span<const float> values) {
  double squares = 0;
  for (const float value : values) squares += static_cast<double>(value) * value;
  return std::sqrt(squares);
}

double distance(std::span<const float> a, std::span<const float> b) {
  double squares = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double apart = static_cast<double>(a[i]) - b[i];
    squares += apart * apart;
  }
  return std::sqrt(squares);
}

}  // namespace

Spread spread(const std::vector<std::shared_ptr<const Replica>>& replicas) {
  const auto& first = replicas.front();
  const bool shared =
      std::all_of(replicas.begin(), replicas.end(), [&](const auto& replica) { return replica == first; });
  Spread result;
  if (shared) return result;
  const double length = norm_of(span_of(first->parameters));
  const double unit = length > 0 ? length : 1;
  for (const auto& replica : replicas) {
    if (replica == first) continue;
    const double apart = distance(span_of(first->parameters), span_of(replica->parameters)) / unit;
    result.largest = std::max(result.largest, apart);
    result.mean += apart / static_cast<double>(replicas.size() - 1);
  }
  return result;
}

std::string in_words(const std::vector<Spread>& evaluations) {
  double most = 0;
  for (const Spread& one : evaluations) most = std::max(most, one.largest);
  if (most == 0) return "";
  const Spread& last = evaluations.back();
  char text[256];
  std::snprintf(
      text, sizeof text,
      "the workers' models differ: at the last evaluation they are %.2g %% of the norm of worker 0's away "
      "from it (mean; the farthest %.2g %%); at any of %zu evaluations at most %.2g %%",
      100 * last.mean, 100 * last.largest, evaluations.size(), 100 * most);
  return text;
}

}  // namespace telegrad::training
