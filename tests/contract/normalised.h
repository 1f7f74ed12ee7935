#pragma once

// Small trainings of models that keep running statistics.

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "tests/support/trained.h"

namespace telegrad::testing_support {

inline std::string training_of(const std::string& model, const std::string& more = "") {
  return "{" + more +
         R"("dataset": {"type": "fashion_mnist", "validation": 200}, "optimizer": {"type": "sgd", "learning_rate": 0.1},
             "batch_size_per_worker": 4, "model": )" +
         model + "}";
}

inline const std::string kResidual = training_of(R"({"type": "resnet_cifar", "depth": 8})");

inline const training::Worker& worker(training::Population& workers, std::uint32_t rank) {
  return dynamic_cast<const training::Worker&>(workers.learner(Rank{rank}));
}

}  // namespace telegrad::testing_support
