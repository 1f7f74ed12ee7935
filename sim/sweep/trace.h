#pragma once

#include <filesystem>

#include "sim/core/recording.h"

namespace telegrad::sweep {

/// A log of somebody else's training as a recording: CSV with the columns round, worker, bytes_up, bytes_down,
/// compute_s and, if known, accuracy (of the model after the round). Rounds count from 1, workers from 0; every
/// worker has a row in every round. A server sends the same to all, so bytes_down is one number for a round.
/// block_limit: bytes of the largest block of the network. Throws ScenarioError with everything that is wrong.
Recording read_trace(const std::filesystem::path& file, std::uint32_t block_limit);

/// Rounds and workers of such a log.
struct TraceSize {
  std::uint32_t workers = 0;
  std::uint64_t rounds = 0;
};
TraceSize size_of(const Recording& recording);

}  // namespace telegrad::sweep
