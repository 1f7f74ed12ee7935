#pragma once

#include <exception>
#include <string>

namespace telegrad::training {

/// What went wrong, in LibTorch's words, without where in its sources they were said.
std::string first_line(const std::exception& error);

}  // namespace telegrad::training
