#pragma once

#include <ATen/core/Tensor.h>

#include <span>

namespace telegrad::training {

/// The entries of a contiguous float32 tensor, which outlives them.
inline std::span<const float> span_of(const at::Tensor& tensor) {
  return {tensor.const_data_ptr<float>(), static_cast<std::size_t>(tensor.numel())};
}
inline std::span<float> mutable_span_of(at::Tensor& tensor) {
  return {tensor.mutable_data_ptr<float>(), static_cast<std::size_t>(tensor.numel())};
}

}  // namespace telegrad::training
