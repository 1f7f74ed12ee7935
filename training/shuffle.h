#pragma once

#include <utility>
#include <vector>

#include "sim/core/random.h"

namespace telegrad::training {

/// Fisher-Yates with our stream: the same order with any standard library.
template <class T>
void shuffle(std::vector<T>& items, Stream& stream) {
  for (std::size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[stream.below(i)]);
}

}  // namespace telegrad::training
