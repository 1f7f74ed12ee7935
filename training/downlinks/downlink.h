#pragma once

#include <functional>
#include <memory>
#include <span>

#include "sim/core/exchange.h"
#include "sim/core/registry.h"
#include "training/layout.h"
#include "training/methods/compressor.h"
#include "training/methods/sum.h"

namespace telegrad::training {

/// How a sum's blocks are to be cut: at every change of coverage where contributors are counted, not at all
/// where the cohort divides.
enum class Count { contributors, cohort };

/// What travels up, and to whom the answer goes. The layout and the units outlive a down-link.
struct AnswerContext {
  const Layout& layout;
  std::span<const codecs::Unit> units;  // of the vector that travels
  bool expands = false;                 // that vector is not the gradient
  std::uint32_t workers = 1;
  std::uint64_t seed = 0;

  std::uint32_t size() const { return codecs::size_of(units); }
};

/// Turns the hub's sum into the payload that all workers get.
class Downlink {
 public:
  virtual ~Downlink() = default;
  /// contributions: how many payloads were added. Called side by side for slices where the shape allows slices.
  virtual Payload encode(const Sum& sum, Count count, std::uint32_t contributions, const Step& step,
                         Cut cut) = 0;
  virtual std::span<const codecs::Unit> units() const = 0;
  /// Whether it sends the update itself and not a sum that is still to be divided.
  virtual bool final() const { return false; }
  /// How payloads may be folded on their way where it is the end: a final answer cannot be added to.
  virtual Shape shape(Shape up) const { return final() ? Shape::local : up; }
  /// Bytes that one encode reads and writes, for the device model.
  virtual double traffic() const = 0;
};

using MakeDownlink =
    std::function<std::unique_ptr<Downlink>(const Value& resolved, const AnswerContext& context)>;
const Registry<MakeDownlink>& downlinks();

/// The sum divided by its contributions, for each coordinate by those that cover it or by the cohort.
std::vector<float> mean_of(const Sum& sum, Count count, std::uint32_t contributions);

}  // namespace telegrad::training
