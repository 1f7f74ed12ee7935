#pragma once

#include <string>

#include "sim/core/value.h"

namespace telegrad::app {

/// {telegrad, ns3, torch, compiler}, for results. torch_version: of the library that trained.
Value versions(const std::string& torch_version);

/// What results depend on besides the scenario: this binary and its libraries, byte by byte, and the versions that
/// they were made with. Loads the training library.
const Value& program_identity();

/// Names, sizes and dates of the files that a training reads; `training` is resolved.
Value data_identity(const Value& training);

}  // namespace telegrad::app
