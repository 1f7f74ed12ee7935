#include "training/models/rectified_pool.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <cmath>
#include <limits>

namespace telegrad::training {
namespace {

TEST(RectifiedPool, IsLibTorchsPoolOfReluWithItsGradient) {
  torch::manual_seed(2);
  for (auto sizes : std::vector<std::vector<std::int64_t>>{{2, 3, 8, 6}, {1, 1, 5, 7}, {3, 2, 2, 3}}) {
    // Small integers: ties and zeros are common.
    torch::Tensor ours = torch::randint(-3, 4, sizes).to(torch::kFloat).requires_grad_();
    torch::Tensor theirs = ours.detach().clone().requires_grad_();
    torch::Tensor pooled = rectified_pool(ours);
    torch::Tensor expected = torch::max_pool2d(torch::relu(theirs), 2);
    EXPECT_TRUE(pooled.equal(expected));
    torch::Tensor weights = torch::randn(pooled.sizes());
    (pooled * weights).sum().backward();
    (expected * weights).sum().backward();
    EXPECT_TRUE(ours.grad().equal(theirs.grad()));
  }
}

TEST(RectifiedPool, LetsNaNThrough) {
  torch::Tensor image = torch::zeros({1, 1, 2, 2});
  image[0][0][0][1] = std::numeric_limits<float>::quiet_NaN();
  image[0][0][1][1] = 3;
  EXPECT_TRUE(std::isnan(rectified_pool(image).item<float>()));
}

}  // namespace
}  // namespace telegrad::training
