#pragma once

// Settings that several methods share, as parameters of a scenario and as what they mean.

#include <memory>
#include <string_view>

#include "training/methods/compressor.h"

namespace telegrad::training {

/// "value": how floats travel. `natural` rounds at random, so that the mean stays.
Parameter value_parameter();
codecs::ValueCodec value_codec(const Value& resolved);

/// "index": how indices travel.
Parameter index_parameter();

/// "granularity", and "bucket": what is compressed on its own.
Parameter granularity_parameter(const char* otherwise = "tensor");
Granularity granularity(const Value& resolved);
Parameter bucket_parameter(const char* help);
/// Cuts every unit into runs of "bucket" coordinates, if the scenario says so.
std::vector<codecs::Unit> units_of(const Value& resolved, const Layout& layout);
/// Units whose buckets share scales.
std::vector<codecs::Unit> units_with_scales(const Value& resolved, const Layout& layout);

/// "zstd": a last stage over each block.
Parameter zstd_parameter();
/// The stamp of a node's blocks, with index codec and zstd where the method has these settings.
codecs::Stamp stamp(const Value& resolved, const NodeContext& context);

/// "error_feedback" and, for methods that may use it, what goes with it.
Table feedback_parameters(bool otherwise);
/// Wraps the compressor where the scenario asks for feedback.
std::unique_ptr<Compressor> with_feedback(const Value& resolved, const NodeContext& context,
                                          std::unique_ptr<Compressor> inner);
/// Why an unbiased method that enlarges its values takes no feedback, as a check of its description.
void refuse_feedback(const Value& resolved, std::vector<Problem>& problems);

/// Another default than the one that such a setting has elsewhere.
void set_default(Table& parameters, std::string_view name, Value otherwise);

/// Lists, one behind the other.
Table operator+(Table left, Table right);

}  // namespace telegrad::training
