#pragma once

#include "sim/core/exchange.h"

namespace telegrad::programs {

/// For trainings that move sizes without bytes: what is merged is said by the hub, not folded. (A star folds in
/// `serve`.)
class NoFold final : public Fold {
 public:
  Payload fold(std::span<const Part> parts, Cut) override { return parts.front().payload; }
  Shape shape() const override { return Shape::local; }
};

}  // namespace telegrad::programs
