#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "sim/core/json.h"
#include "sim/core/resolve.h"
#include "training/downlinks/downlink.h"
#include "training/learning/population.h"
#include "training/methods/compressor.h"
#include "training/partitions/partition.h"
#include "training/tables.h"

namespace telegrad::testing_support {

inline const Catalogues& training_catalogues() {
  static const Catalogues catalogues = [] {
    Catalogues all;
    all.add(training::methods().catalogue());
    all.add(training::downlinks().catalogue());
    all.add(training::models().catalogue());
    all.add(training::datasets().catalogue());
    all.add(training::partitions().catalogue());
    all.add(training::optimizers().catalogue());
    all.add(training::schedules().catalogue());
    return all;
  }();
  return catalogues;
}

/// A described thing of one catalogue, every default filled in.
inline Value described(const std::string& catalogue, const std::string& json) {
  return resolve_trusted(json, training_catalogues().at(catalogue), training_catalogues());
}

inline Value resolved(const std::string& json, const Table& table) {
  std::vector<Problem> problems;
  Value value = resolve(trusted_json(json), table, training_catalogues(), problems);
  for (const Problem& problem : problems) ADD_FAILURE() << problem.pointer << ": " << problem.message;
  return value;
}

inline std::unique_ptr<training::Compressor> compressor(const std::string& json,
                                                        const training::Layout& layout) {
  return training::make_compressor(described("methods", json), training::NodeContext{layout});
}

/// A hub's down-link for gradients of this layout.
inline std::unique_ptr<training::Downlink> downlink(const std::string& json, const training::Layout& layout,
                                                    std::span<const codecs::Unit> units) {
  return training::downlinks().make(described("downlinks", json), training::AnswerContext{layout, units});
}

inline std::unique_ptr<training::Population> population(const std::string& training_json,
                                                        const std::string& compression_json,
                                                        const TrainingContext& context) {
  return std::make_unique<training::Population>(
      resolved(training_json, training::training_parameters()),
      resolved(compression_json, training::compression_parameters()), context);
}

}  // namespace telegrad::testing_support
