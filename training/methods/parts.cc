#include "training/methods/parts.h"

#include "training/methods/shared_results.h"

namespace telegrad::training {

double bytes_of(std::span<const Part> parts) {
  double bytes = 0;
  for (const Part& part : parts) bytes += static_cast<double>(part.payload.bytes());
  return bytes;
}

std::uint64_t identity_of(std::span<const Part> parts) {
  std::uint64_t identity = parts.size();
  for (const Part& part : parts) identity = combine(identity, part.payload.identity());
  return identity;
}

}  // namespace telegrad::training
