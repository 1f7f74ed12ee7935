#include "training/models/dropout_mask.h"

#include <ATen/ops/empty.h>

#include "training/span.h"

namespace telegrad::training {

at::Tensor dropout_mask(at::IntArrayRef sizes, double probability, const StreamKey& key) {
  at::Tensor mask = at::empty(sizes, at::kFloat);
  const auto values = mutable_span_of(mask);
  Stream stream(key);
  stream.fill_uniform(values);
  const auto limit = static_cast<float>(probability);
  const auto kept = static_cast<float>(1 / (1 - probability));
  for (float& value : values) value = value < limit ? 0.0F : kept;
  return mask;
}

}  // namespace telegrad::training
