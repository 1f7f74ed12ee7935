#pragma once

#include <cstdint>
#include <functional>

#include "sim/core/value.h"
#include "training/optimizers/optimizer.h"

namespace telegrad::training {

/// rho_t = w_t / (w_0 + ... + w_t) for the weights w_t = (t + a)^2, so that avg <- (1 - rho_t) avg + rho_t x_t is the
/// weighted mean of all iterates. (Stich, Cordonnier, Jaggi 2018)
double square_share(std::uint64_t t, double shift);

/// The share of the parameters after a round in the mean that is evaluated; rounds count from 1. Empty where the
/// setting asks for the last parameters.
using AverageShare = std::function<double(std::uint64_t round)>;
AverageShare average_share(const Value& training);

/// next.average = (1 - share) before.average + share next.parameters, in double: late shares are too small for
/// sums of float32.
void average_in(Replica& next, const Replica& before, double share);

/// What is evaluated: [d] float32.
at::Tensor evaluated_parameters(const Replica& replica);

}  // namespace telegrad::training
