#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <vector>

namespace telegrad::training {

/// Samples with few entries that are not 0: row i has those from starts[i] to starts[i + 1].
struct SparseRows {
  std::vector<double> labels;
  std::vector<std::uint64_t> starts{0};
  std::vector<std::uint32_t> columns;  // from 0, rising in each row
  std::vector<float> values;
  std::uint32_t features = 0;  // the largest column + 1
};

/// Reads lines `label index:value ...`, indices from 1 and rising, `# ...` is a remark (Chang and Lin 2011). Throws
/// RunError(bad_data) that names file, line and what is wrong; at most 500,000,000 entries, 4 GB.
SparseRows read_libsvm(const std::filesystem::path& path);

}  // namespace telegrad::training
