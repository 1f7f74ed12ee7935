// Several targets a sample, of which some do not count: loss, gradient, accuracy and mean IoU by hand.

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>

#include "sim/core/errors.h"
#include "tests/support/trainings.h"
#include "training/datasets/targets.h"
#include "training/learning/gradient.h"

namespace telegrad::training {
namespace {

constexpr std::int64_t kPixels = 6;
constexpr std::int64_t kClasses = 3;

/// Pixel i of sample s has the value s - i / 4 and the label (s + i) mod 3; every third does not count.
class Pictures final : public Samples {
 public:
  explicit Pictures(bool nothing_counts = false)
      : Samples(std::vector<Label>{0, 1, 2, 0}, kPixels), nothing_counts_(nothing_counts) {}

  static double value(std::uint32_t sample, std::int64_t i) { return sample - static_cast<double>(i) / 4; }
  std::int64_t target(std::uint32_t sample, std::int64_t i) const {
    return nothing_counts_ || i % 3 == 2 ? kIgnored : (sample + i) % kClasses;
  }

 protected:
  void fill(std::span<const std::uint32_t> chosen, float* inputs, std::int64_t* targets,
            const StreamKey*) const override {
    for (std::uint32_t sample : chosen) {
      for (std::int64_t i = 0; i < kPixels; ++i) {
        *inputs++ = static_cast<float>(value(sample, i));
        *targets++ = target(sample, i);
      }
    }
  }

 private:
  bool nothing_counts_;
};

/// The logit of class c is w_c x for each pixel x by itself.
class PixelModel final : public Model {
 public:
  PixelModel() { layout_.add("weight", {kClasses}, 0); }
  at::Tensor logits(const Pass& pass, const at::Tensor& inputs) const override {
    return pass.parameters[0].view({1, kClasses, 1, 1}).mul(inputs.view({-1, 1, 2, kPixels / 2}));
  }
};

/// Learns by the same logits twice over.
class TwiceModel final : public Model {
 public:
  TwiceModel() { layout_.add("weight", {kClasses}, 0); }
  at::Tensor logits(const Pass& pass, const at::Tensor& inputs) const override {
    at::Tensor same = PixelModel().logits(pass, inputs);
    if (pass.auxiliary != nullptr) pass.auxiliary->push_back({same, 0.5});
    return same;
  }
};

const std::vector<std::uint32_t> kAll{0, 1, 2, 3};
const std::vector<double> kWeights{0.5, -0.25, 0.125};

at::Tensor weights(const std::vector<double>& values) {
  return at::tensor(at::ArrayRef<double>(values)).to(at::kFloat);
}

struct Expected {
  double loss = 0;
  double accuracy = 0;
  double mean_iou = 0;
};

Expected by_hand(const std::vector<double>& w) {
  const Pictures pictures;
  double counted = 0;
  std::vector<double> said(3), is(3), both(3);
  Expected expected;
  for (std::uint32_t sample : kAll) {
    for (std::int64_t i = 0; i < kPixels; ++i) {
      const std::int64_t target = pictures.target(sample, i);
      if (target == Samples::kIgnored) continue;
      const double x = Pictures::value(sample, i);
      double sum = 0;
      std::size_t answer = 0;
      for (std::size_t c = 0; c < 3; ++c) {
        sum += std::exp(w[c] * x);
        if (w[c] * x > w[answer] * x) answer = c;
      }
      const auto right = static_cast<std::size_t>(target);
      expected.loss += std::log(sum) - w[right] * x;
      ++said[answer];
      ++is[right];
      both[right] += answer == right ? 1 : 0;
      ++counted;
    }
  }
  expected.loss /= counted;
  expected.accuracy = (both[0] + both[1] + both[2]) / counted;
  for (std::size_t c = 0; c < 3; ++c) expected.mean_iou += both[c] / (said[c] + is[c] - both[c]) / 3;
  return expected;
}

TEST(Targets, ThatDoNotCountAreLeftOut) {
  const PixelModel model;
  const Quality quality = evaluate(model, weights(kWeights), Pictures(), kAll, {1, 1, kPixels});
  const Expected expected = by_hand(kWeights);
  EXPECT_NEAR(quality.loss, expected.loss, 1e-6);
  EXPECT_NEAR(quality.accuracy, expected.accuracy, 1e-12);
  EXPECT_NEAR(quality.mean_iou, expected.mean_iou, 1e-12);
  EXPECT_NE(expected.accuracy, expected.mean_iou);
}

TEST(Targets, TheGradientIsThatOfTheMeanOverThoseThatCount) {
  const PixelModel model;
  const Gradient g = gradient(model, weights(kWeights), Pictures(), kAll, {1, 1, kPixels});
  EXPECT_NEAR(g.loss, by_hand(kWeights).loss, 1e-6);
  for (std::size_t c = 0; c < 3; ++c) {
    std::vector<double> ahead = kWeights;
    std::vector<double> behind = kWeights;
    ahead[c] += 1e-4;
    behind[c] -= 1e-4;
    EXPECT_NEAR(g.values[static_cast<std::int64_t>(c)].item<double>(),
                (by_hand(ahead).loss - by_hand(behind).loss) / 2e-4, 1e-6);
  }
}

TEST(Targets, AFurtherOutputCountsByItsWeightInTrainingAlone) {
  const InputShape shape{1, 1, kPixels};
  const Gradient once = gradient(PixelModel(), weights(kWeights), Pictures(), kAll, shape);
  const Gradient g = gradient(TwiceModel(), weights(kWeights), Pictures(), kAll, shape);
  EXPECT_NEAR(g.loss, 1.5 * once.loss, 1e-6);
  EXPECT_LT((g.values - 1.5 * once.values).abs().max().item<double>(), 1e-6);
  EXPECT_EQ(evaluate(TwiceModel(), weights(kWeights), Pictures(), kAll, shape).loss,
            evaluate(PixelModel(), weights(kWeights), Pictures(), kAll, shape).loss);
}

TEST(Targets, TheCommonestOfASampleIsCountedByItself) {
  constexpr Label kNo = kNoLabel;
  const training::Targets targets({5,     65534, 65534, 5,      //
                                   kNo,   kNo,   kNo,   kNo,    //
                                   7,     kNo,   kNo,   65534,  //
                                   65534, 3,     65534, 3,      //
                                   2,     0,     2,     0,      //
                                   5,     5,     1,     1},
                                  4);
  EXPECT_EQ(targets.commonest(), (std::vector<Label>{5, 0, 7, 3, 0, 1}));
  EXPECT_EQ(training::Targets({kNo, kNo}, 2).commonest(), (std::vector<Label>{0}));
  EXPECT_EQ(training::Targets({3, kNo}, 1).commonest(), (std::vector<Label>{3, 0}));
}

TEST(Targets, ABatchOfWhichNothingCountsTeachesNothing) {
  const PixelModel model;
  const Gradient g = gradient(model, weights(kWeights), Pictures(true), kAll, {1, 1, kPixels});
  EXPECT_EQ(g.loss, 0);
  EXPECT_EQ(g.values.abs().sum().item<double>(), 0);
  const Quality quality = evaluate(model, weights(kWeights), Pictures(true), kAll, {1, 1, kPixels});
  EXPECT_EQ(quality.loss, 0);
  EXPECT_EQ(quality.accuracy, 0);
  EXPECT_EQ(quality.mean_iou, 0);
}

}  // namespace
}  // namespace telegrad::training
