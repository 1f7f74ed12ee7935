#pragma once

#include <algorithm>
#include <cstddef>
#include <span>

#include "sim/core/random.h"

namespace telegrad::training::kernels {

/// visit(first, uniforms) for runs of entries in order, with numbers of the stream that stay in the nearest cache.
/// Runs start at multiples of 2,560 entries, where whole bytes of every packing end.
template <class Visit>
void with_uniforms(Stream& random, std::size_t entries, Visit visit) {
  constexpr std::size_t kRun = 2560;
  float uniforms[kRun];
  for (std::size_t first = 0; first < entries; first += kRun) {
    std::span<float> run(uniforms, std::min(kRun, entries - first));
    random.fill_uniform(run);
    visit(first, std::span<const float>(run));
  }
}

}  // namespace telegrad::training::kernels
