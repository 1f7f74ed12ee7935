#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "training/methods/coordinates.h"

namespace telegrad::training {

/// What LGC does with each tensor of a model: some are sent whole, of others the largest entries, and the values of
/// most of those pass the autoencoder.
struct LgcLayers {
  struct Tensor {
    std::uint32_t first = 0;
    std::uint32_t size = 0;
    std::uint32_t kept = 0;        // k
    std::uint32_t innovation = 0;  // entries that every worker sends beside the code
    bool coded = false;            // by the autoencoder
  };
  /// Neighbouring tensors that are sent alike: a unit of the wire.
  struct Run {
    std::uint32_t first = 0;
    std::uint32_t end = 0;
    bool whole = false;
  };

  /// Throws ScenarioError where a name fits no tensor.
  LgcLayers(const Value& resolved, const Layout& layout);

  std::vector<Run> runs;
  std::vector<Tensor> sparse;
  std::uint32_t size = 0;   // d
  std::uint32_t whole = 0;  // coordinates that are sent whole
  std::uint32_t coded = 0;  // kept entries that pass the autoencoder: mu
  std::uint32_t plain = 0;  // kept entries that do not

  enum class Choice {
    kept,        // k of every sparse tensor
    coded,       // k of those that pass the autoencoder
    plain,       // k of the others
    innovation,  // the innovation of those that pass it, k of the others
  };
  /// The largest entries, rising. values: [d]; throws RunError(not_finite).
  Coordinates largest(std::span<const float> values, Choice choice, const NodeContext& context,
                      const Step& step) const;
  /// As many as `largest` has, of each tensor the first ones: for sizes.
  Coordinates some(Choice choice) const;
  bool is_coded(std::uint32_t coordinate) const;
  /// The order in which rising places are coded: of each tensor those that are negative first.
  std::vector<std::uint32_t> by_sign(std::span<const std::uint32_t> places,
                                     std::span<const float> values) const;
  /// Of the kept values of the tensors that pass the autoencoder, one tensor behind the other, which ones are
  /// innovations: places in that vector, [mu].
  std::vector<std::uint32_t> innovations(std::span<const float> values) const;

 private:
  static std::uint32_t count(const Tensor& tensor, Choice choice);
};

/// The settings of the layers; with an innovation where workers send one.
Table lgc_layer_parameters(bool innovation);
/// The innovation must be smaller than what the leader sends.
void check_lgc_layers(const Value& resolved, std::vector<Problem>& problems);

}  // namespace telegrad::training
