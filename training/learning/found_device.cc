#include "training/learning/found_device.h"

#include <c10/core/impl/DeviceGuardImplInterface.h>

#include "sim/core/errors.h"

namespace telegrad::training {
namespace {

[[noreturn]] void refuse(const std::string& why, const std::string& remedy) {
  throw ScenarioError("", {{"/host/device", 0, 0, why, remedy}});
}

int gpus() {
  if (!c10::impl::hasDeviceGuardImpl(at::kCUDA)) return 0;
  return c10::impl::getDeviceGuardImpl(at::kCUDA)->deviceCount();
}

}  // namespace

at::Device found_device(const std::string& name) {
  const int there = gpus();
  if (name == "cpu" || (name == "auto" && there == 0)) return at::kCPU;
  if (name == "auto") return {at::kCUDA, 0};
  const at::Device asked(name);
  const int index = asked.has_index() ? asked.index() : 0;
  if (index < there) return {at::kCUDA, static_cast<at::DeviceIndex>(index)};
  if (!c10::impl::hasDeviceGuardImpl(at::kCUDA)) {
    refuse("'" + name + "' asked for, but this build has LibTorch for the processor alone",
           "run ./dev setup --cuda on a machine with an NVIDIA driver, or choose cpu or auto");
  }
  if (there == 0) refuse("'" + name + "' asked for, but no NVIDIA driver answers", "choose cpu or auto");
  refuse("'" + name + "' asked for, but the last GPU here is cuda:" + std::to_string(there - 1),
         "choose one of them, cpu or auto");
}

}  // namespace telegrad::training
