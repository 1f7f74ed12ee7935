#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/script.h>
#include <unistd.h>

#include <fstream>
#include <thread>

#include "sim/core/errors.h"
#include "tests/training/models/noise.h"
#include "training/initial_weights.h"
#include "training/learning/gradient.h"
#include "training/models/script.h"

namespace telegrad::training {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing_support::all_of;
using testing_support::model;
using testing_support::noise;

constexpr const char* kPerceptron = R"(
def forward(self, x):
    x = torch.relu(torch.linear(x.flatten(1), self.first, self.bias))
    return torch.linear(x, self.second)
)";

class TorchScript : public testing::Test {
 protected:
  TorchScript() : path_(fs::temp_directory_path() / ("script_" + std::to_string(::getpid()) + ".pt")) {}
  ~TorchScript() override { fs::remove(path_); }

  /// Weights as drawn for an mlp of 12 inputs, 5 hidden, 3 outputs, without the last bias.
  torch::jit::Module perceptron(const char* code = kPerceptron) const {
    torch::jit::Module module("perceptron");
    torch::manual_seed(1);
    module.register_parameter("first", torch::randn({5, 12}), false);
    module.register_parameter("bias", torch::randn({5}), false);
    module.register_parameter("second", torch::randn({3, 5}), false);
    module.register_buffer("mean", torch::zeros({5}));
    module.register_buffer("batches", torch::zeros({}, torch::kLong));
    module.register_attribute("training", c10::BoolType::get(), true);
    module.define(code);
    return module;
  }
  std::string described(const std::string& more = "") const {
    return R"({"type": "torchscript", "file": ")" + path_.string() + "\"" + more + "}";
  }
  std::string refusal(const Dataset& dataset) const {
    try {
      (void)model(described(), dataset);
    } catch (const ScenarioError& error) {
      EXPECT_EQ(error.problems().at(0).pointer, "/training/model/file");
      EXPECT_FALSE(error.problems().at(0).remedy.empty());
      return error.problems().at(0).message;
    }
    return "";
  }

  fs::path path_;
};

TEST_F(TorchScript, HasTheGradientOfTheSameModelHere) {
  perceptron().save(path_.string());
  const Dataset dataset = noise({3, 2, 2});
  auto script = model(described(), dataset);
  auto ours = model(R"({"type": "mlp", "hidden": [5]})", dataset);
  ASSERT_EQ(script->layout().size(), 5 * 12 + 5 + 15);
  EXPECT_EQ(script->buffers().size(), 5);
  EXPECT_DOUBLE_EQ(script->multiply_accumulates(), 60 + 15);
  const at::Tensor x = script->initial_parameters();
  const auto all = all_of(*dataset.train);
  const Gradient a = gradient(*script, x, *dataset.train, all, dataset.shape);
  const Gradient b = gradient(*ours, at::cat({x, at::zeros({3})}), *dataset.train, all, dataset.shape);
  EXPECT_NEAR(a.loss, b.loss, 1e-6);
  EXPECT_LT((a.values - b.values.narrow(0, 0, 80)).abs().max().item<double>(), 1e-6);
  EXPECT_EQ(evaluate(*script, x, *dataset.train, all, dataset.shape).loss, a.loss);
}

TEST_F(TorchScript, ThreadsDoNotMeet) {
  perceptron().save(path_.string());
  const Dataset dataset = noise({3, 2, 2});
  auto script = model(described(), dataset);
  const auto all = all_of(*dataset.train);
  auto at_point = [&](int point) {
    return gradient(*script, script->initial_parameters() * (1 + 0.1 * point), *dataset.train, all,
                    dataset.shape)
        .values;
  };
  std::vector<at::Tensor> alone;
  for (int i = 0; i < 4; ++i) alone.push_back(at_point(i));
  std::vector<std::thread> threads;
  std::vector<int> wrong(4, 0);
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] {
      for (int repeat = 0; repeat < 25; ++repeat) wrong[i] += at_point(i).equal(alone[i]) ? 0 : 1;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(wrong, testing::Each(0));
}

TEST_F(TorchScript, ItsBuffersAreEachWorkersOwnAndItsCountersStartAnew) {
  perceptron(R"(
def forward(self, x):
    x = torch.linear(x.flatten(1), self.first, self.bias)
    if self.training:
        self.mean.mul_(0.5).add_(0.5 * x.mean([0]).detach())
        self.batches.add_(1)
    return torch.linear(x - self.mean, self.second) * self.batches
)")
      .save(path_.string());
  const Dataset dataset = noise({3, 2, 2});
  auto script = model(described(), dataset);
  const at::Tensor x = script->initial_parameters();
  const auto all = all_of(*dataset.train);
  const Gradient first = gradient(*script, x, *dataset.train, all, dataset.shape);
  EXPECT_GT(first.buffers.abs().max().item<double>(), 0);
  const Gradient again = gradient(*script, x, *dataset.train, all, dataset.shape);
  EXPECT_EQ(first.loss, again.loss);
  EXPECT_TRUE(first.buffers.equal(again.buffers));
  const Gradient next = gradient(*script, x, *dataset.train, all, dataset.shape, {.buffers = first.buffers});
  EXPECT_FALSE(next.buffers.equal(first.buffers));
}

TEST_F(TorchScript, ItsRandomNumbersComeFromTheKey) {
  perceptron(R"(
def forward(self, x):
    x = torch.dropout(torch.linear(x.flatten(1), self.first, self.bias), 0.5, self.training)
    return torch.linear(x, self.second)
)")
      .save(path_.string());
  const Dataset dataset = noise({3, 2, 2});
  auto script = model(described(), dataset);
  const auto all = all_of(*dataset.train);
  auto loss = [&](std::uint32_t round) {
    const StreamKey key{.seed = 1, .purpose = Purpose::dropout, .round = round};
    return gradient(*script, script->initial_parameters(), *dataset.train, all, dataset.shape,
                    {.dropout = key})
        .loss;
  };
  const double first = loss(1);
  EXPECT_NE(loss(2), first);
  EXPECT_EQ(loss(1), first);
}

TEST_F(TorchScript, RandomNumbersInEvaluationDoNotComeFromTheProcess) {
  perceptron(R"(
def forward(self, x):
    x = torch.linear(x.flatten(1), self.first, self.bias)
    return torch.linear(x + torch.rand_like(x), self.second)
)")
      .save(path_.string());
  const Dataset dataset = noise({3, 2, 2});
  auto script = model(described(), dataset);
  const auto all = all_of(*dataset.train);
  auto loss = [&](std::uint64_t seed_of_the_process) {
    torch::manual_seed(seed_of_the_process);
    return evaluate(*script, script->initial_parameters(), *dataset.train, all, dataset.shape).loss;
  };
  EXPECT_EQ(loss(1), loss(2));
}

TEST_F(TorchScript, RecurrentLayersWithDropoutAreRandom) {
  for (const auto& [dropout, random] : {std::pair("0.0", false), std::pair("0.5", true)}) {
    torch::jit::Module module("recurrent");
    module.define(std::string(R"(
def forward(self, x, state, weights: List[Tensor]):
    return torch.gru(x, state, weights, False, 2, )") +
                  dropout + ", True, False, True)[0]\n");
    EXPECT_EQ(Script(module).draws_random_numbers(), random) << dropout;
  }
}

TEST_F(TorchScript, ParametersThatAreReadFromAListAreTheWorkers) {
  torch::jit::Module module("listed");
  torch::manual_seed(1);
  module.register_parameter("first", torch::randn({5, 12}), false);
  module.register_parameter("second", torch::randn({3, 5}), false);
  const c10::List<at::Tensor> all_weights(
      {module.attr("first").toTensor(), module.attr("second").toTensor()});
  module.register_attribute("all", c10::ListType::ofTensors(), all_weights);
  module.register_attribute("training", c10::BoolType::get(), true);
  module.define("def forward(self, x):\n    return x.flatten(1) @ self.all[0].t() @ self.all[1].t()\n");
  module.save(path_.string());
  const Dataset dataset = noise({3, 2, 2});
  auto script = model(described(), dataset);
  const auto all = all_of(*dataset.train);
  const at::Tensor x = script->initial_parameters();
  const Gradient at_x = gradient(*script, x, *dataset.train, all, dataset.shape);
  EXPECT_GT(at_x.values.narrow(0, 60, 15).abs().max().item<double>(), 0);
  EXPECT_NE(gradient(*script, x * 2, *dataset.train, all, dataset.shape).loss, at_x.loss);
  EXPECT_EQ(gradient(*script, x, *dataset.train, all, dataset.shape).loss, at_x.loss);
}

TEST_F(TorchScript, AConvolutionIsCountedAndWhatIsSaidComesFirst) {
  torch::jit::Module module("convolution");
  module.register_parameter("w", torch::randn({4, 1, 3, 3}), false);
  module.register_attribute("training", c10::BoolType::get(), true);
  module.define("def forward(self, x):\n    return torch.conv2d(x, self.w, groups=2).mean([2, 3])\n");
  module.save(path_.string());
  const Dataset dataset = noise({2, 6, 5}, 4);
  EXPECT_DOUBLE_EQ(model(described(), dataset)->multiply_accumulates(), 4 * 4 * 3 * 9);
  EXPECT_DOUBLE_EQ(model(described(R"(, "flops_per_sample": 1200)"), dataset)->flops_per_sample(), 1200);
}

TEST_F(TorchScript, ItsAnswersAreCountedByItsTrial) {
  Dataset dataset = noise({2, 6, 5}, 4);
  dataset.target_shape = {4, 3};
  auto answers = [&](const std::string& after) {
    torch::jit::Module module("convolution");
    module.register_parameter("w", torch::randn({4, 2, 3, 3}), false);
    module.register_attribute("training", c10::BoolType::get(), true);
    module.define("def forward(self, x):\n    return torch.conv2d(x, self.w)" + after + "\n");
    module.save(path_.string());
    return model(described(), dataset)->answers();
  };
  EXPECT_EQ(answers(""), 4 * 3);
  dataset.target_shape = {3, 4};
  EXPECT_THROW((void)answers(""), ScenarioError) << "the other way round";
  dataset.target_shape.clear();
  EXPECT_EQ(answers(".mean([2, 3])"), 1);
  EXPECT_THROW((void)answers(".mean([2, 3], keepdim=True)"), ScenarioError)
      << "one label is no image of one pixel";
}

TEST_F(TorchScript, FilesThatWillNotDoAreRefusedWithTheReason) {
  const Dataset dataset = noise({3, 2, 2});
  EXPECT_THAT(refusal(dataset), HasSubstr("cannot be read as TorchScript"));
  std::ofstream(path_) << "no archive";
  EXPECT_THAT(refusal(dataset), HasSubstr("cannot be read as TorchScript"));
  perceptron().save(path_.string());
  fs::resize_file(path_, fs::file_size(path_) / 2);
  EXPECT_THAT(refusal(dataset), HasSubstr("cannot be read as TorchScript"));
  perceptron().save(path_.string());
  EXPECT_THAT(refusal(noise({3, 2, 2}, 4)), HasSubstr("[1, 3]"));
  EXPECT_THAT(refusal(noise({3, 3, 3})), HasSubstr("fails on a batch of 1"));
  torch::jit::Module empty("empty");
  empty.register_attribute("training", c10::BoolType::get(), true);
  empty.define("def forward(self, x):\n    return x\n");
  empty.save(path_.string());
  EXPECT_THAT(refusal(dataset), HasSubstr("no parameters"));
}

TEST_F(TorchScript, WhatWouldFailInTheFirstRoundIsRefused) {
  const Dataset dataset = noise({3, 2, 2});
  auto of = [&](const std::string& body) {
    perceptron(("def forward(self, x):\n    x = torch.linear(x.flatten(1), self.first, self.bias)\n    " +
                body + "\n")
                   .c_str())
        .save(path_.string());
    return refusal(dataset);
  };
  EXPECT_EQ(of("return torch.linear(x, self.second)"), "");
  EXPECT_THAT(of("return torch.linear(x, self.second)[:1]"),
              HasSubstr("a batch of 2 by [1, 3], expected [2, 3]"));
  EXPECT_THAT(of("return torch.linear(x, self.second).unsqueeze(2)"),
              HasSubstr("by [1, 3, 1], expected [1, 3]"));
  EXPECT_THAT(of("return x[:, :3]"), HasSubstr("parameter 'second' of '"));
  EXPECT_THAT(of("return torch.linear(x, self.second).detach()"), HasSubstr("parameter 'first' of '"));
  const std::string words =
      of("assert x.size(0) == 1, 'one at a time'\n    return torch.linear(x, self.second)");
  EXPECT_THAT(words, HasSubstr("fails on a batch of 2: "));
  EXPECT_THAT(words, HasSubstr("AssertionError: one at a time; /training"));
  EXPECT_THAT(words, testing::Not(HasSubstr("\n")));
  EXPECT_THAT(refusal(noise({3, 3, 3})),
              HasSubstr("mat1 and mat2 shapes cannot be multiplied (1x27 and 12x5)"));
}

}  // namespace
}  // namespace telegrad::training
