#include "training/models/rectified_pool.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/zeros.h>
#include <torch/csrc/autograd/custom_function.h>

#include "sim/core/errors.h"

namespace telegrad::training {
namespace {

/// The windows of one image plane after the other.
struct Planes {
  explicit Planes(at::IntArrayRef sizes)
      : count(sizes[0] * sizes[1]), height(sizes[2]), width(sizes[3]), rows(height / 2), columns(width / 2) {}
  std::int64_t count, height, width;  // of the image
  std::int64_t rows, columns;         // of the pooled image
};

/// Pools one row of windows from two rows of cells. A sum is NaN where any cell is, a maximum need not be.
void pool_row(const float* upper, const float* lower, std::int64_t columns, float* pooled) {
  for (std::int64_t column = 0; column < columns; ++column) {
    float a = upper[2 * column], b = upper[2 * column + 1], c = lower[2 * column], d = lower[2 * column + 1];
    float top = a > b ? a : b;
    float bottom = c > d ? c : d;
    float most = top > bottom ? top : bottom;
    float sum = a + b + c + d;
    pooled[column] = sum != sum ? sum : (most > 0 ? most : 0.0F);
  }
}

/// 0..3 for where each window's maximum stood, 4 where nothing was positive.
void find_row(const float* upper, const float* lower, std::int64_t columns, std::uint8_t* origin) {
  for (std::int64_t column = 0; column < columns; ++column) {
    float a = upper[2 * column], b = upper[2 * column + 1], c = lower[2 * column], d = lower[2 * column + 1];
    int top = b > a ? 1 : 0;
    int bottom = d > c ? 3 : 2;
    float high = b > a ? b : a;
    float low = d > c ? d : c;
    int from = low > high ? bottom : top;
    origin[column] = static_cast<std::uint8_t>((low > high ? low : high) > 0 ? from : 4);
  }
}

/// pooled: [windows]; origin: the same, or nullptr.
void pool(const Planes& planes, const float* image, float* pooled, std::uint8_t* origin) {
  for (std::int64_t plane = 0; plane < planes.count; ++plane) {
    for (std::int64_t row = 0; row < planes.rows; ++row) {
      const float* upper = image + (plane * planes.height + 2 * row) * planes.width;
      std::int64_t at = (plane * planes.rows + row) * planes.columns;
      pool_row(upper, upper + planes.width, planes.columns, pooled + at);
      if (origin != nullptr) find_row(upper, upper + planes.width, planes.columns, origin + at);
    }
  }
}

at::Tensor pooled_like(const at::Tensor& image, const Planes& planes) {
  return at::empty({image.size(0), image.size(1), planes.rows, planes.columns}, image.options());
}

class RectifiedPool final : public torch::autograd::Function<RectifiedPool> {
 public:
  static at::Tensor forward(torch::autograd::AutogradContext* context, const at::Tensor& image) {
    Planes planes(image.sizes());
    at::Tensor source = image.contiguous();
    at::Tensor pooled = pooled_like(source, planes);
    at::Tensor origin = at::empty(pooled.sizes(), at::kByte);
    pool(planes, source.const_data_ptr<float>(), pooled.mutable_data_ptr<float>(),
         origin.mutable_data_ptr<std::uint8_t>());
    context->saved_data["sizes"] = image.sizes();
    context->save_for_backward({origin});
    return pooled;
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 const torch::autograd::variable_list& outputs) {
    std::vector<std::int64_t> sizes = context->saved_data["sizes"].toIntVector();
    Planes planes(sizes);
    at::Tensor origins = context->get_saved_variables()[0];
    at::Tensor pooled = outputs[0].contiguous();
    at::Tensor image = at::zeros(sizes, pooled.options());
    const std::uint8_t* origin = origins.const_data_ptr<std::uint8_t>();
    const float* from = pooled.const_data_ptr<float>();
    float* to = image.mutable_data_ptr<float>();
    for (std::int64_t plane = 0; plane < planes.count; ++plane) {
      for (std::int64_t row = 0; row < planes.rows; ++row) {
        float* upper = to + (plane * planes.height + 2 * row) * planes.width;
        for (std::int64_t column = 0; column < planes.columns; ++column, ++origin, ++from) {
          if (*origin == 4) continue;
          upper[2 * column + (*origin & 1) + (*origin >> 1) * planes.width] = *from;
        }
      }
    }
    return {image};
  }
};

/// The same on a GPU or in bf16. Its gradient is exact too, but for windows in which the largest value stands twice.
at::Tensor of_any_kind(const at::Tensor& image) {
  const Planes planes(image.sizes());
  const at::Tensor even = image.narrow(2, 0, 2 * planes.rows).narrow(3, 0, 2 * planes.columns);
  const at::Tensor windows = even.reshape({image.size(0), image.size(1), planes.rows, 2, planes.columns, 2});
  return windows.amax({3, 5}).relu();
}

}  // namespace

at::Tensor rectified_pool(const at::Tensor& image) {
  expect(image.dim() == 4, "images");
  if (!image.is_cpu() || image.scalar_type() != at::kFloat) return of_any_kind(image);
  if (at::GradMode::is_enabled() && image.requires_grad()) return RectifiedPool::apply(image);
  Planes planes(image.sizes());
  at::Tensor source = image.contiguous();
  at::Tensor pooled = pooled_like(source, planes);
  pool(planes, source.const_data_ptr<float>(), pooled.mutable_data_ptr<float>(), nullptr);
  return pooled;
}

}  // namespace telegrad::training
