#pragma once

// A small federation on a logistic problem, and what is heard of it.

#include <gtest/gtest.h>

#include <ATen/ATen.h>

#include <map>
#include <set>

#include "tests/support/trained.h"

namespace telegrad::testing_support {

/// `more` is of the training: "\"proximal\": 0.1, ".
inline std::string logistic(const std::string& more = "", const std::string& optimizer = "") {
  return "{" + more + R"("dataset": {"type": "synthetic_logistic", "samples": 512, "features": 20},
          "partition": {"type": "dirichlet", "alpha": 0.5}, "model": {"type": "logistic"}, "batch_size_per_worker": 16,
          "optimizer": )" +
         (optimizer.empty() ? R"({"type": "sgd", "learning_rate": 0.5})" : optimizer) + "}";
}

inline std::string local(std::uint32_t steps, std::uint32_t clients = 0) {
  return R"({"type": "local_sgd", "local_steps": )" + std::to_string(steps) + R"(, "clients_per_round": )" +
         std::to_string(clients) + "}";
}

struct Federation {
  std::string training = logistic();
  std::string compression = "{}";
  std::string program = "synchronous";
  std::string exchange = R"({"type": "star"})";
  std::uint32_t workers = 4;
  std::uint64_t rounds = 12;
  std::uint32_t clients = 0;
};

inline at::Tensor trained(const Federation& setup) {
  const Plan plan{.exchange = setup.exchange,
                  .workers = setup.workers,
                  .rounds = setup.rounds,
                  .threads = 2,
                  .program = setup.program};
  return trained(plan, setup.training, setup.compression, {.cohort = setup.clients})->parameters().clone();
}

inline at::Tensor federated(std::uint32_t steps, std::uint32_t clients, Federation setup = {}) {
  setup.program = local(steps, clients);
  setup.clients = clients;
  return trained(setup);
}

inline double distance(const at::Tensor& a, const at::Tensor& b) {
  return (a - b).abs().max().item<double>();
}

/// What everybody hears on the way.
class Heard final : public Observer {
 public:
  void message(const MessageRecord& record) override {
    if (std::string(record.purpose) == "invite down") invited[record.round].insert(record.to.value);
    if (std::string(record.purpose) == "up") sent[record.round].insert(record.from.value);
    if (std::string(record.purpose) == "invite down") control += record.control_bytes;
  }
  void contribution(const ContributionRecord& record) override {
    fates[{record.node.value, record.operation}] = record;
  }
  void round(const RoundRecord& record) override { rounds.push_back(record); }
  std::size_t count(Fate fate) const {
    std::size_t number = 0;
    for (const auto& [key, record] : fates) number += record.fate == fate ? 1 : 0;
    return number;
  }

  std::map<std::uint64_t, std::set<std::uint32_t>> invited, sent;
  std::map<std::pair<std::uint32_t, std::uint64_t>, ContributionRecord> fates;
  std::vector<RoundRecord> rounds;
  std::uint64_t control = 0;
};

inline Ran run(const Federation& setup, Training& training, Observer& observer, const std::string& network,
               const Devices* devices = nullptr) {
  const Plan plan{.network = network,
                  .exchange = setup.exchange,
                  .workers = setup.workers,
                  .rounds = setup.rounds,
                  .threads = 2,
                  .evaluate_every = 3,
                  .devices = devices,
                  .program = setup.program};
  return run_synchronous(plan, training, observer);
}

/// Workers 3 and 4 are ten times slower.
inline Devices uneven(double jitter = 0) {
  DeviceProfile profile{
      .name = "test", .flops_per_s = 1e6, .codec_bytes_per_s = {}, .active_power_w = {}, .source = "test"};
  return Devices(profile, {1, 1, 1, 0.1, 0.1, 1}, jitter, 3);
}

}  // namespace telegrad::testing_support
