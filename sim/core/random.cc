#include "sim/core/random.h"

#include <Random123/philox.h>

#include <cmath>
#include <numbers>

#include "sim/core/errors.h"

namespace telegrad {

Stream::Stream(const StreamKey& key)
    : key_{static_cast<std::uint32_t>(key.seed), static_cast<std::uint32_t>(key.seed >> 32)},
      counter_{0, key.round, key.node, (static_cast<std::uint32_t>(key.purpose) << 24) | key.tensor} {
  expect(key.tensor < (1u << 24), "tensor fits 24 bits");
}

void Stream::refill() {
  r123::Philox4x32::ctr_type counter{{counter_[0], counter_[1], counter_[2], counter_[3]}};
  r123::Philox4x32::key_type key{{key_[0], key_[1]}};
  auto block = r123::Philox4x32{}(counter, key);
  for (unsigned i = 0; i < 4; ++i) words_[i] = block[i];
  ++counter_[0];
  next_ = 0;
}

Stream::result_type Stream::operator()() {
  if (next_ == 4) refill();
  return words_[next_++];
}

double Stream::uniform() {
  std::uint64_t high = (*this)() >> 5;
  std::uint64_t low = (*this)() >> 6;
  return static_cast<double>((high << 26) | low) * 0x1p-53;
}

float Stream::uniform24() { return static_cast<float>((*this)() >> 8) * 0x1p-24F; }

double Stream::normal() {
  double radius = std::sqrt(-2.0 * std::log(1.0 - uniform()));
  return radius * std::cos(2.0 * std::numbers::pi * uniform());
}

std::uint64_t Stream::below(std::uint64_t bound) {
  expect(bound > 0, "a bound above 0");
  std::uint64_t limit = ~std::uint64_t{0} - (~std::uint64_t{0} % bound);  // largest multiple of the bound
  for (;;) {
    std::uint64_t high = (*this)();
    std::uint64_t draw = (high << 32) | (*this)();
    if (draw < limit) return draw % bound;
  }
}

}  // namespace telegrad
