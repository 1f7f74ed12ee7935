#pragma once

#include "training/methods/compressor.h"

namespace telegrad::training {

/// "selection": the exact k, or those that a sampled threshold finds.
Parameter selection_parameter();

/// Top-k with the feedback that the scenario asks for.
std::unique_ptr<Compressor> make_top_k(const Value& resolved, const NodeContext& context);

}  // namespace telegrad::training
