#pragma once

#include <string>
#include <vector>

#include "training/datasets/dataset.h"

namespace telegrad::training {

/// The binary version of CIFAR-10 or CIFAR-100: records of label bytes and 3 x 32 x 32 pixels, channel by channel.
/// (Krizhevsky 2009)
struct CifarFiles {
  std::vector<std::string> train;
  std::string test;
  std::size_t label_bytes = 1;
  std::size_t label_at = 0;  // which of them counts
  std::uint32_t classes = 10;
  std::uint64_t whole_size = 0;  // of a training file as it is published
  std::string archive;           // name, size and checksum
};

/// Normalised channel by channel over the training images. `resolved` has folder, augment and validation. Throws
/// RunError(bad_data) that names the file and what to unpack.
Dataset read_cifar(const CifarFiles& files, const Value& resolved);

}  // namespace telegrad::training
