#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "sim/codecs/pack.h"
#include "sim/core/exchange.h"
#include "sim/core/registry.h"
#include "training/layout.h"

namespace telegrad::training {

/// Where an encoder stands in the training.
struct Step {
  std::uint64_t round = 0;  // from 1
  double learning_rate = 0;
  std::span<const float> parameters =
      {};                  // [d], of this worker's model, until the step ends; where there is one
  LinkEstimate link = {};  // of the way that the payload will take, for encoders that read it
};

/// Who an encoder belongs to. The layout outlives it.
struct NodeContext {
  const Layout& layout;
  std::uint32_t rank = 0;  // the hub's is the number of workers
  std::uint32_t workers = 1;
  std::uint64_t seed = 0;
  codecs::MethodId method = 1;  // its number among the methods, for the headers of its blocks
};

/// Turns a node's vectors into payloads of independent blocks.
class Compressor {
 public:
  virtual ~Compressor() = default;
  /// values: [d]. Throws RunError(not_finite).
  virtual Payload encode(std::span<const float> values, const Step& step, Cut cut) = 0;
  /// What lies in a payload: how the receiver reads it. The units cover the vector that travels, which is the
  /// gradient unless `expands`.
  virtual std::span<const codecs::Unit> units() const = 0;
  /// into += factor * what the blocks that are there stand for; into: [d]. Only for payloads of this node.
  virtual void add(const Payload& payload, float factor, std::span<float> into) const;
  /// Takes back blocks of earlier payloads that were not applied; without feedback they are forgotten.
  virtual void restore(const Payload&) {}
  /// With feedback what is missing comes back later, so sums are divided by the cohort; without, each block by
  /// its contributors.
  virtual bool feedback() const { return false; }
  /// How its payloads may be folded on their way.
  virtual Shape shape() const { return Shape::associative; }
  /// Whether what it sends depends on the step's link.
  virtual bool reads_link() const { return false; }
  /// Bytes that one encode reads and writes, for the device model.
  virtual double traffic() const = 0;

  /// Whether the vector that travels is not the gradient.
  virtual bool expands() const { return false; }
  /// gradient += the vector that travelled in this round; gradient: [d].
  virtual void expand(std::span<const float>, std::uint64_t, std::span<float>) const {}
};

using MakeCompressor = std::function<std::unique_ptr<Compressor>(const Value& resolved, const NodeContext&)>;

class Collective;
/// context: of any worker. nullptr where these settings make the method a compressor.
using MakeCollective =
    std::function<std::unique_ptr<Collective>(const Value& resolved, const NodeContext& context)>;

/// What a method is, as far as others must know: a compressor, or a method of its own.
struct Maker {
  MakeCompressor compressor;
  /// The down-link where the scenario names none: dense, union_sparse, majority, recompressed.
  std::string downlink = "dense";
  MakeCollective method = {};
};
const Registry<Maker>& methods();
/// The compressor of one node. Numbers the blocks by the method's place in the registry. Throws ScenarioError for
/// a method that is none, and for a model without parameters.
std::unique_ptr<Compressor> make_compressor(const Value& resolved, NodeContext context);

/// Opens a block of a payload. Throws RunError(bad_data) that names the block and what is wrong with it.
codecs::BlockView open(const Block& block, std::span<const codecs::Unit> units);

/// into += factor * the blocks that are there. Throws RunError(bad_data).
void add_blocks(const Payload& payload, std::span<const codecs::Unit> units, float factor,
                std::span<float> into);

/// Whether it holds a sum of several workers'.
bool is_folded(const Block& block);

/// Throws RunError(not_finite) that names worker, tensor and round.
void require_finite(std::span<const float> values, const NodeContext& context, const Step& step);
[[noreturn]] void refuse_not_finite(std::int64_t coordinate, const NodeContext& context, const Step& step);

}  // namespace telegrad::training
