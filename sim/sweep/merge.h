#pragma once

#include <filesystem>
#include <vector>

namespace telegrad::sweep {

/// Joins databases of the same grid: a cell that is done in one of them is done. Throws RunError(bad_data) where they
/// are of different grids or binaries, or disagree about a cell, and RunError(storage).
void merge(const std::filesystem::path& out, const std::vector<std::filesystem::path>& shards);

}  // namespace telegrad::sweep
