#pragma once

#include <string>
#include <vector>

#include "sim/core/device.h"

namespace telegrad {

/// A row of device_profiles.json: what the simulated devices of a scenario may be.
struct NamedProfile {
  DeviceProfile profile;
  std::string summary;
};

/// The table, in its own order. A rate that a row lacks is not modelled.
const std::vector<NamedProfile>& device_profiles();

/// The table's text, built in.
extern const char* const kDeviceProfilesJson;

}  // namespace telegrad
