#pragma once

#include <array>
#include <cstdint>
#include <span>

namespace telegrad {

/// What a stream of random numbers is for. Streams of different purposes never meet. The numbers are part of
/// every result: append, never renumber.
enum class Purpose : std::uint8_t {
  initial_weights = 1,
  validation_split = 2,
  partition = 3,
  batches = 4,
  method = 5,
  placement = 6,
  compute_jitter = 7,
  loss = 8,
  dataset = 9,
  speed = 10,
  fast_forward = 11,
  cohort = 12,
  augmentation = 13,
  dropout = 14,
};

/// Names one stream. Streams that must agree on all workers leave `node` at 0.
struct StreamKey {
  std::uint64_t seed = 0;
  Purpose purpose{};
  std::uint32_t node = 0;
  std::uint32_t round = 0;
  std::uint32_t tensor = 0;  // below 2^24
};

/// A counter-based stream (Philox4x32-10; Salmon et al. 2011): the same key gives the same numbers in any
/// process, on any thread, in any order. Meets UniformRandomBitGenerator.
class Stream {
 public:
  using result_type = std::uint32_t;
  static constexpr result_type min() { return 0; }
  static constexpr result_type max() { return ~result_type{0}; }

  explicit Stream(const StreamKey& key);

  result_type operator()();
  double uniform();                          // in [0, 1), 53 bits
  float uniform24();                         // in [0, 1), 24 bits
  void fill_uniform(std::span<float> into);  // what as many calls of uniform24 give, several times faster
  double normal();                           // mean 0, variance 1 (Box-Muller)
  std::uint64_t below(std::uint64_t bound);  // in [0, bound), unbiased; bound > 0

 private:
  void refill();

  std::array<std::uint32_t, 2> key_;
  std::array<std::uint32_t, 4> counter_;
  std::array<std::uint32_t, 4> words_{};
  unsigned next_ = 4;
};

}  // namespace telegrad
