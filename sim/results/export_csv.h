#pragma once

#include <filesystem>
#include <vector>

#include "sim/results/database.h"

namespace telegrad::results {

/// rounds.csv, messages.csv, spans.csv, contributions.csv and nodes.csv into a folder: the tables of the same names, those
/// that a database of an older schema has, one row a line, a header line first. Quoted as RFC 4180 says, lines end in "\n"; reals are the shortest that read back as the
/// same; a NULL is an empty field, an empty text is "". Returns the files. Throws RunError(storage).
std::vector<std::filesystem::path> export_csv(const Database& database, const std::filesystem::path& folder);

}  // namespace telegrad::results
