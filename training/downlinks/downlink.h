#pragma once

#include <functional>
#include <memory>
#include <span>

#include "sim/core/exchange.h"
#include "sim/core/registry.h"
#include "training/layout.h"
#include "training/methods/sum.h"

namespace telegrad::training {

/// How a sum's blocks are to be cut: at every change of coverage where contributors are counted, not at all
/// where the cohort divides.
enum class Count { contributors, cohort };

/// Turns the hub's sum into the payload that all workers get.
class Downlink {
 public:
  virtual ~Downlink() = default;
  /// contributions: how many payloads were added.
  virtual Payload encode(const Sum& sum, Count count, std::uint32_t contributions, Cut cut) = 0;
  virtual std::span<const codecs::Unit> units() const = 0;
  /// Bytes that one encode reads and writes, for the device model.
  virtual double traffic() const = 0;
};

using MakeDownlink = std::function<std::unique_ptr<Downlink>(const Value& resolved, const Layout& layout)>;
const Registry<MakeDownlink>& downlinks();

}  // namespace telegrad::training
