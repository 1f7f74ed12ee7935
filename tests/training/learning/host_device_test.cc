#include "training/learning/host_device.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <thread>

#include "sim/core/errors.h"
#include "tests/training/models/noise.h"
#include "training/initial_weights.h"
#include "training/learning/gradient.h"

namespace telegrad::training {
namespace {

using testing_support::all_of;
using testing_support::model;
using testing_support::noise;

bool has_gpu() { return HostDevice({.name = "auto"}).is_gpu(); }

/// The small ones among the registered models, with inputs that fit them.
struct Case {
  std::string name;
  Dataset dataset;
  std::unique_ptr<Model> model;
};

std::vector<Case> cases() {
  std::vector<Case> all;
  for (const auto& entry : models().entries()) {
    const std::string& name = entry.about.name;
    if (name == "torchscript" || name == "pspnet") continue;  // they want a file, and a label for each pixel
#ifdef TELEGRAD_STAND_IN
    if (name == "lstm") continue;  // the processor has no kernel of the kind that LibTorch asks a GPU for
#endif
    const InputShape shape = name == "lstm" ? InputShape{1, 1, 20} : InputShape{3, 32, 32};
    Dataset dataset = noise(shape, 3, 4);
    dataset.symbols = 3;
    auto made = model(entry.about.example, dataset);
    if (made->layout().size() > 2'000'000) continue;
    all.push_back({name, std::move(dataset), std::move(made)});
  }
  return all;
}

Gradient gradient_of(const Case& one, const HostDevice& device) {
  const at::Tensor x = draw_weights(one.model->layout(), 3);
  return gradient(*one.model, x, *one.dataset.train, all_of(*one.dataset.train), one.dataset.shape,
                  {.dropout = {.seed = 5, .purpose = Purpose::dropout}}, device);
}

double cosine(const at::Tensor& a, const at::Tensor& b) {
  return a.to(at::kDouble).dot(b.to(at::kDouble)).item<double>() /
         (norm({a.const_data_ptr<float>(), std::size_t(a.numel())}) *
          norm({b.const_data_ptr<float>(), std::size_t(b.numel())}));
}

std::string refusal(const std::string& name) {
  try {
    HostDevice device({.name = name});
  } catch (const ScenarioError& error) {
    EXPECT_EQ(error.problems().front().pointer, "/host/device");
    EXPECT_FALSE(error.problems().front().remedy.empty());
    return error.problems().front().message;
  }
  return "";
}

TEST(HostDevice, IsTheProcessorWhereNoGpuIsFound) {
  EXPECT_EQ(HostDevice({.name = "cpu"}).name(), "cpu");
  EXPECT_EQ(HostDevice({.name = "auto"}).name(), has_gpu() ? "cuda:0" : "cpu");
  EXPECT_FALSE(HostDevice::processor().is_gpu());
}

TEST(HostDevice, RefusesGpusThatAreNotThere) {
  EXPECT_NE(refusal("cuda:99").find("'cuda:99' asked for, but"), std::string::npos);
  if (!has_gpu()) {
    EXPECT_NE(refusal("cuda").find("'cuda' asked for, but"), std::string::npos);
  }
}

TEST(HostDevice, TimesOfTheProcessorAreItsOwnAndNotOfOthers) {
  Computation waiting(HostDevice::processor());
  waiting.begin();
  std::this_thread::sleep_for(std::chrono::milliseconds(30));
  EXPECT_LT(waiting.end(), 0.02);
  for (const Case& one : cases()) EXPECT_GT(gradient_of(one, HostDevice::processor()).seconds, 0) << one.name;
}

TEST(HostDevice, GradientsInBf16AreNearThoseInFloat32AndNotTheSame) {
  const HostDevice bf16({.precision = Precision::bf16});
  for (const Case& one : cases()) {
    const Gradient exact = gradient_of(one, HostDevice::processor());
    const Gradient rounded = gradient_of(one, bf16);
    EXPECT_EQ(rounded.values.scalar_type(), at::kFloat);
    EXPECT_FALSE(rounded.values.equal(exact.values)) << one.name;
    // Statistics of four samples turn the last bits into more.
    const double least = one.model->buffers().size() > 0 ? 0.6 : 0.98;
    EXPECT_GT(cosine(rounded.values, exact.values), least) << one.name;
    EXPECT_NEAR(rounded.loss, exact.loss, 0.05 * exact.loss) << one.name;
    EXPECT_TRUE(gradient_of(one, bf16).values.equal(rounded.values)) << one.name;
    EXPECT_TRUE(gradient_of(one, HostDevice::processor()).values.equal(exact.values)) << one.name;
  }
}

TEST(HostDevice, OnAGpuGradientsAreThoseOfTheProcessor) {
  if (!has_gpu()) GTEST_SKIP() << "no GPU";
  const HostDevice gpu({.name = "cuda"});
  for (const Case& one : cases()) {
    const Gradient here = gradient_of(one, HostDevice::processor());
    const Gradient there = gradient_of(one, gpu);
    EXPECT_TRUE(there.values.is_cpu());
    EXPECT_GT(cosine(here.values, there.values), 0.9999) << one.name;
    EXPECT_NEAR(there.loss, here.loss, 1e-4 * here.loss) << one.name;
    EXPECT_GT(there.seconds, 0) << one.name;
    if (here.buffers.defined()) {
      EXPECT_TRUE(there.buffers.allclose(here.buffers, 1e-3, 1e-4)) << one.name;
    }
    const at::Tensor x = draw_weights(one.model->layout(), 3);
    const auto all = all_of(*one.dataset.train);
    const Quality a = evaluate(*one.model, x, *one.dataset.train, all, one.dataset.shape);
    const Quality b = evaluate(*one.model, x, *one.dataset.train, all, one.dataset.shape, {}, gpu);
    EXPECT_NEAR(a.loss, b.loss, 1e-3 * a.loss) << one.name;
  }
}

TEST(HostDevice, OnAGpuManyWorkersGetTheSameBitsEveryTime) {
  if (!has_gpu()) GTEST_SKIP() << "no GPU";
  const HostDevice gpu({.name = "cuda"});
  for (const Case& one : cases()) {
    const Gradient alone = gradient_of(one, gpu);
    std::vector<Gradient> results(4);
    std::vector<std::jthread> workers;
    for (Gradient& result : results) workers.emplace_back([&] { result = gradient_of(one, gpu); });
    workers.clear();  // joins
    for (const Gradient& result : results) EXPECT_TRUE(result.values.equal(alone.values)) << one.name;
  }
}

/// What a user reads when `failing` throws on this device.
template <class Failing>
std::string words(const HostDevice& device, const Failing& failing) {
  try {
    try {
      failing();
    } catch (const c10::Error& error) {
      rethrow(device, error);
    }
  } catch (const RunError& error) {
    return error.what();
  }
  return "";
}

TEST(HostDevice, FailuresOfAGpuSayWhatToDo) {
  if (!has_gpu()) GTEST_SKIP() << "no GPU";
  const HostDevice gpu({.name = "cuda"});
  const auto random = [] { TORCH_CHECK(false, "a_kernel does not have a deterministic implementation"); };
  EXPECT_NE(words(gpu, random).find("set host.deterministic to false"), std::string::npos);
  const auto full = [] { TORCH_CHECK_WITH(OutOfMemoryError, false, "out of memory"); };
  EXPECT_NE(words(gpu, full).find("lower host.threads"), std::string::npos);
  const auto other = [] { TORCH_CHECK(false, "broken"); };
  EXPECT_EQ(words(gpu, other), "cuda:0 failed: broken");
  EXPECT_THROW((void)words(HostDevice::processor(), other), c10::Error);
}

}  // namespace
}  // namespace telegrad::training
