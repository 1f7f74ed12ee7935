#pragma once

#include <bit>
#include <string>
#include <vector>

#include "sim/core/random.h"
#include "sim/core/wide.h"

namespace telegrad::testing_support {

/// Kernels run as compiled for these registers while it lives.
class Registers final {
 public:
  explicit Registers(bool wide) : before_(wide_registers) { wide_registers = wide && before_; }
  ~Registers() { wide_registers = before_; }
  Registers(const Registers&) = delete;
  Registers& operator=(const Registers&) = delete;

 private:
  bool before_;
};

inline std::vector<float> normal_vector(std::size_t size, std::uint64_t seed = 1) {
  Stream stream({.seed = seed, .purpose = Purpose::method});
  std::vector<float> values(size);
  for (float& value : values) value = static_cast<float>(stream.normal());
  return values;
}

/// In [0, 1), both ends among them.
inline std::vector<float> uniforms(std::size_t size) {
  std::vector<float> values(size);
  Stream({.seed = 2, .purpose = Purpose::method}).fill_uniform(values);
  for (std::size_t i = 0; i < size; i += 11) values[i] = i % 2 == 0 ? 0.0F : 1.0F - 0x1p-24F;
  return values;
}

struct Vector {
  std::string name;
  std::vector<float> values;
};

inline std::vector<Vector> vectors_of(std::size_t size) {
  std::string of = " of " + std::to_string(size);
  std::vector<Vector> all{{"normal" + of, normal_vector(size)},
                          {"zeros" + of, std::vector<float>(size)},
                          {"negative zeros" + of, std::vector<float>(size, -0.0F)},
                          {"denormals" + of, normal_vector(size)},
                          {"ties" + of, normal_vector(size)},
                          {"one hot" + of, std::vector<float>(size)},
                          {"any finite bits" + of, std::vector<float>(size)}};
  for (float& value : all[3].values) value *= 0x1p-128F;
  for (float& value : all[4].values) value = static_cast<float>(static_cast<int>(value));
  if (size > 0) all[5].values[size / 2] = -3.5F;
  Stream stream({.seed = 3, .purpose = Purpose::method});
  for (float& value : all[6].values) {
    std::uint32_t bits = stream();
    if ((bits & 0x7f800000U) == 0x7f800000U) bits ^= 0x40000000U;
    value = std::bit_cast<float>(bits);
  }
  return all;
}

inline std::vector<Vector> vectors() {
  std::vector<Vector> all;
  for (std::size_t size : {0, 1, 7, 8, 63, 1000, 10001}) {
    for (Vector& vector : vectors_of(size)) all.push_back(std::move(vector));
  }
  return all;
}

}  // namespace telegrad::testing_support
