#pragma once

#include <memory>
#include <span>
#include <vector>

#include "training/methods/coordinates.h"
#include "training/methods/pending.h"

namespace telegrad::training {

/// What a worker keeps of p = m + g where c of it was applied (Chen et al. 2020):
///   m = (1 - beta) m + beta (p - c) = m + beta (g - c).
class FilteredMemory final {
 public:
  FilteredMemory(std::size_t size, float beta) : beta_(beta), m_(size) {}

  std::span<const float> values() const { return m_; }  // m, [d]

  /// The values of p at these coordinates, as they are sent; the memory is then what it is if all of them are
  /// applied. context: of this worker. Throws RunError(not_finite).
  Payload send(std::span<const float> gradient, std::shared_ptr<const Coordinates> at,
               codecs::ValueCodec value, const NodeContext& context, const Step& step, Cut cut);
  /// Takes back what was not applied. Partial sums are of the latest round.
  void put_back(const Payload& returned);

 private:
  float beta_;
  std::vector<float> m_;
  Pending<std::shared_ptr<const Coordinates>> sent_at_;
};

}  // namespace telegrad::training
