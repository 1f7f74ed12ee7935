#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace telegrad::training {

/// A tensor of a file that Python's torch.save has written: where its entries lie.
struct StoredTensor {
  std::string name;
  std::string storage_type;  // "FloatStorage"
  std::string record;        // of the archive, below "data/"
  std::int64_t offset = 0;   // in entries
  std::vector<std::int64_t> shape;
  std::vector<std::int64_t> strides;
};

/// The pickle of a dictionary from names to tensors, as torch.save writes a state dict: a program for a stack machine,
/// of which no more is carried out than building dictionaries, tuples and tensors. Nothing else is called, whatever the
/// file says. (Python's pickletools; protocol 2)
/// Throws std::runtime_error with the reason.
std::vector<StoredTensor> read_state_pickle(std::string_view pickle);

/// The pickle of these tensors, in C order, each in a record of its own. Strides and offsets are not looked at.
std::string write_state_pickle(const std::vector<StoredTensor>& tensors);

}  // namespace telegrad::training
