#pragma once

#include "training/methods/compressor.h"

namespace telegrad::training {

/// All values, with the feedback that the scenario asks for.
std::unique_ptr<Compressor> make_dense(const Value& resolved, const NodeContext& context);

}  // namespace telegrad::training
