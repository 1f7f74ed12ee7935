#include "sim/core/format.h"

#include <cstdio>

namespace telegrad {

std::string formatted(const char* format, double value) {
  char buffer[256];
  std::snprintf(buffer, sizeof buffer, format, value);
  return buffer;
}

}  // namespace telegrad
