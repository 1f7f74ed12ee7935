#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/codecs/block.h"

namespace telegrad::training {

/// How a tensor's entries start: about the mean, uniform in [-bound, bound) or normal with the deviation.
struct Initial {
  double mean = 0;
  double bound = 0;
  double deviation = 0;  // one of the two at most
};

/// One tensor of a model within the flat vector of its parameters.
struct TensorPlace {
  std::string name;  // "conv1.weight"
  std::vector<std::int64_t> shape;
  std::int64_t offset = 0;
  std::int64_t size = 0;
  Initial initial = {};
};

/// Where each tensor of a model lies in the flat vector [d].
class Layout {
 public:
  /// Appends a tensor behind the last one; it may be empty.
  void add(std::string name, std::vector<std::int64_t> shape, const Initial& initial);
  void add(std::string name, std::vector<std::int64_t> shape, double initial_bound) {
    add(std::move(name), std::move(shape), Initial{.bound = initial_bound});
  }

  const std::vector<TensorPlace>& tensors() const { return tensors_; }
  std::int64_t size() const { return size_; }  // d
  /// The tensor that holds this coordinate.
  const TensorPlace& at(std::int64_t coordinate) const;

 private:
  std::vector<TensorPlace> tensors_;
  std::int64_t size_ = 0;
};

/// What is compressed on its own: each tensor, the whole model, or the weights of each output of a layer (a row of
/// a tensor; its tensor is the unit, the row its bucket). Empty tensors are no units.
enum class Granularity { tensor, model, output };
std::vector<codecs::Unit> units(const Layout& layout, Granularity granularity);

}  // namespace telegrad::training
