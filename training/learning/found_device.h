#pragma once

#include <c10/core/Device.h>

#include <string>

namespace telegrad::training {

/// What auto, cpu, cuda or cuda:i is on this machine. Asking changes nothing. Throws ScenarioError at /host/device where
/// this machine or this build has no such device.
at::Device found_device(const std::string& name);

}  // namespace telegrad::training
