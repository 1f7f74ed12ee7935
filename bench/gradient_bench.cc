// Gradients computed as host jobs of simulated workers, and of clients drawn from a thousand, against a bare LibTorch loop
// with as many threads: the same convolutional network, batches of the same size, the same number of gradients.

#include <torch/torch.h>

#include <thread>

#include "bench/paired.h"
#include "sim/app/plugin.h"
#include "sim/core/json.h"
#include "sim/core/resolve.h"
#include "tests/support/staged_run.h"

namespace telegrad::bench {
namespace {

constexpr std::uint32_t kWorkers = 8;
constexpr std::uint64_t kRounds = 25;
constexpr std::int64_t kBatch = 32;

struct Cnn : torch::nn::Module {
  Cnn() {
    register_module("first", first);
    register_module("second", second);
    register_module("last", last);
  }
  torch::Tensor forward(torch::Tensor x) {
    x = torch::max_pool2d(torch::relu(first(x)), 2);
    x = torch::max_pool2d(torch::relu(second(x)), 2);
    return last(x.flatten(1));
  }
  torch::nn::Conv2d first{torch::nn::Conv2dOptions(1, 16, 5)};
  torch::nn::Conv2d second{torch::nn::Conv2dOptions(16, 32, 5)};
  torch::nn::Linear last{512, 10};
};

/// One thread's share of the gradients, as a person would write the loop.
void bare_loop(std::int64_t gradients) {
  at::set_num_threads(1);
  Cnn model;
  torch::optim::SGD optimizer(model.parameters(), torch::optim::SGDOptions(0.05));
  torch::Tensor images = torch::rand({20 * kBatch, 1, 28, 28});
  torch::Tensor labels = torch::randint(10, {20 * kBatch}, torch::kLong);
  for (std::int64_t i = 0; i < gradients; ++i) {
    std::int64_t from = (i % 20) * kBatch;
    optimizer.zero_grad();
    torch::Tensor loss = torch::nn::functional::cross_entropy(model.forward(images.narrow(0, from, kBatch)),
                                                              labels.narrow(0, from, kBatch));
    loss.backward();
    optimizer.step();
  }
}

double bare(unsigned threads, std::int64_t gradients = kWorkers * kRounds) {
  return seconds_of([threads, gradients] {
    std::vector<std::thread> all;
    for (unsigned i = 0; i < threads; ++i) all.emplace_back(bare_loop, gradients / threads);
    for (std::thread& thread : all) thread.join();
  });
}

std::unique_ptr<Training> make_training(const char* uplink, std::uint32_t workers, std::uint32_t cohort) {
  const TrainingPlugin& plugin = app::training_plugin();
  Catalogues catalogues;
  plugin.add_catalogues(catalogues);
  auto resolved = [&](const char* text, const Table& table) {
    std::vector<Problem> problems;
    Value value = resolve(trusted_json(text), table, catalogues, problems);
    expect(problems.empty(), problems.empty() ? "" : problems.front().message);
    return value;
  };
  Value training = resolved(R"({"dataset": {"type": "fashion_mnist"}, "model": {"type": "cnn"},
                                "optimizer": {"type": "sgd", "learning_rate": 0.05}, "batch_size_per_worker": 32})",
                            plugin.training_table());
  Value compression = resolved(uplink, plugin.compression_table());
  TrainingContext context{.workers = workers,
                          .seed = 1,
                          .evaluate_validation = false,
                          .evaluate_test = false,
                          .device = "cpu",
                          .cohort = cohort};
  return plugin.make(training, compression, context);
}

double simulated(unsigned threads) {
  std::unique_ptr<Training> training = make_training(R"({"uplink": {"type": "dense"}})", kWorkers, 0);
  return seconds_of([&] {
    Observer nobody;
    testing_support::Plan plan{.workers = kWorkers, .rounds = kRounds, .threads = threads};
    testing_support::run_synchronous(plan, *training, nobody);
  });
}

constexpr std::uint32_t kClients = 1000;
constexpr std::uint32_t kDrawn = 100;
constexpr std::uint64_t kFederatedRounds = 4;
constexpr std::int64_t kLocalSteps = 2;

double federated() {
  std::unique_ptr<Training> training =
      make_training(R"({"uplink": {"type": "top_k", "ratio": 0.01}})", kClients, kDrawn);
  return seconds_of([&] {
    Observer nobody;
    testing_support::Plan plan{
        .workers = kClients,
        .rounds = kFederatedRounds,
        .threads = 2,
        .program = R"({"type": "local_sgd", "local_steps": 2, "clients_per_round": 100})"};
    testing_support::run_synchronous(plan, *training, nobody);
  });
}

}  // namespace

void bench_gradient(std::vector<Line>& lines) {
  for (unsigned threads : {1u, 2u}) {
    std::string count = std::to_string(threads) + (threads == 1 ? " thread" : " threads");
    lines.push_back(compare(
        "gradient work, " + count, 1.1, "8 simulated workers x 25 rounds, dense, ideal network",
        [threads] { return simulated(threads); }, "a bare LibTorch loop of 200 SGD steps",
        [threads] { return bare(threads); }, 7));
  }
  lines.push_back(compare(
      "federated averaging, 2 threads", 1.5,
      "1,000 clients, 100 drawn for each of 4 rounds, 2 steps, top-k 1 %", federated,
      "a bare LibTorch loop of 800 SGD steps",
      [] { return bare(2, kFederatedRounds * kDrawn * kLocalSteps); }, 5));
}

}  // namespace telegrad::bench
