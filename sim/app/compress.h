#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/core/training.h"
#include "sim/core/value.h"

namespace telegrad::app {

struct CompressRequest {
  Value compression;                     // resolved
  Value exchange;                        // resolved
  std::vector<GivenGradient> gradients;  // by worker
  std::uint64_t rounds = 1;
  std::uint64_t seed = 1;
};

/// Of one direction, per worker and round.
struct CompressedSize {
  double information_bits = 0;
  double bytes = 0;
  double control_bytes = 0;
};

/// What a method makes of the mean g of the workers' gradients, which they put in again in every round.
struct CompressResult {
  std::uint32_t workers = 0;
  std::uint64_t rounds = 0;
  std::vector<std::int64_t> shape;
  CompressedSize up;
  CompressedSize down;
  double relative_error = 0;        // ||u - g|| / ||g||, u the update of the last round; 0 where both are 0
  double cosine = 0;                // of u and g
  double summed_error = 0;          // the same for the sums over all rounds: what feedback makes good
  std::vector<std::uint64_t> kept;  // entries of u that are not 0
  std::vector<float> update;        // u
};

/// Runs the method over an ideal network, every byte encoded and decoded. Throws ScenarioError, RunError.
CompressResult compress(CompressRequest request);

std::string compress_page(const CompressResult& result);
Value to_value(const CompressResult& result);

}  // namespace telegrad::app
