#pragma once

#include "training/methods/compressor.h"

namespace telegrad::training {

/// Top-k with the feedback that the scenario asks for.
std::unique_ptr<Compressor> make_top_k(const Value& resolved, const NodeContext& context);

}  // namespace telegrad::training
