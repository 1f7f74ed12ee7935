#pragma once

#include <memory>
#include <string>
#include <vector>

#include "training/optimizers/optimizer.h"

namespace telegrad::training {

/// How far replicas are apart: Euclidean distances of the others' parameters from the first's, over the first's norm (over 1
/// where that is 0).
struct Spread {
  double largest = 0;
  double mean = 0;  // over the others
};

/// `replicas` is not empty. Those that are shared cost nothing.
Spread spread(const std::vector<std::shared_ptr<const Replica>>& replicas);

/// What to say of those of all evaluations, in their order; "" where replicas never differed.
std::string in_words(const std::vector<Spread>& evaluations);

}  // namespace telegrad::training
