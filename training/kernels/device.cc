#include "training/kernels/device.h"

#include <string>

#include "sim/core/errors.h"

namespace telegrad::training::kernels::device {

void fail(const char* call, const char* reason) {
  throw RunError(Failure::internal, std::string("the GPU fails in ") + call + ": " + reason);
}

}  // namespace telegrad::training::kernels::device
