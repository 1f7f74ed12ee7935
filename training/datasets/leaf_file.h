#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace telegrad::training {

/// What LEAF's JSON files of one folder hold: {"users": [...], "user_data": {user: {"x": [...], "y": [...]}}}, where x are
/// rows of numbers with numbers as y (FEMNIST, synthetic), or texts with the next character as y (Shakespeare).
struct LeafData {
  std::vector<float> rows;  // [samples, features]
  std::vector<double> labels;
  std::size_t features = 0;
  std::vector<std::string> texts;    // x and behind it y
  std::vector<std::uint32_t> users;  // of each sample
  std::vector<std::string> names;    // of the users
  std::map<std::string, std::uint32_t> numbers;

  std::size_t samples() const { return users.size(); }
};

/// Reads all .json files of a folder, in the order of their names. Throws RunError(bad_data) that names file, place and
/// remedy.
LeafData read_leaf(const std::filesystem::path& folder);

}  // namespace telegrad::training
