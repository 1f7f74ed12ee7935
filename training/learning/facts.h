#pragma once

#include "sim/core/training.h"
#include "training/downlinks/downlink.h"
#include "training/learning/worker.h"
#include "training/methods/compressor.h"
#include "training/partitions/partition.h"

namespace telegrad::training {

/// Samples and labels of each worker.
std::vector<Portion> portions(const Partition& partition, const Dataset& dataset);

/// The resolved "downlink", or the one that suits the up-link where the scenario leaves it open.
Value downlink_of(const Value& compression);

/// Sizes of a steady round, found by encoding a random gradient of each worker and folding them: for sparse
/// methods an upper estimate of the down-link, since workers' supports overlap more than random ones. A collective
/// states them itself.
void add_sizes(TrainingFacts& facts, const Value& compression, const Layout& layout, std::uint32_t workers,
               const Method& method);

/// The same of the model that a cohort is sent, instead of an answer.
void add_model_size(TrainingFacts& facts, const Layout& layout);

/// What averaging the model's running statistics adds to its messages, and asks of program and exchange.
void add_statistics(TrainingFacts& facts, const Model& model);

/// Warnings, assumptions and what is not modelled, as sentences.
void add_remarks(TrainingFacts& facts, const Common& common, const Value& training, const Value& compression);

}  // namespace telegrad::training
