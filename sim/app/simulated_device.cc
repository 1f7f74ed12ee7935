#include "sim/app/simulated_device.h"

#include <algorithm>
#include <cmath>

#include "sim/core/device_profiles.h"
#include "sim/core/expectation.h"
#include "sim/core/json.h"

namespace telegrad::app {
namespace {

constexpr const char* kDefaultProfile = "pi_class";

std::string described(const NamedProfile& row) {
  auto rate = [](const std::optional<double>& value, double scale, const char* unit) {
    return value ? plain_number(*value / scale) + unit : std::string("not modelled");
  };
  return row.summary + "; training " +
         (row.profile.measured ? "measured" : rate(row.profile.flops_per_s, 1e9, " GFLOP/s")) + ", codecs " +
         rate(row.profile.codec_bytes_per_s, 1e6, " MB/s") + ", power " +
         rate(row.profile.active_power_w, 1, " W") + "; " + row.profile.source;
}

const DeviceProfile& profile_named(const std::string& name) {
  const auto& all = device_profiles();
  auto row = std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.profile.name == name; });
  expect(row != all.end(), "a known device profile");
  return row->profile;
}

std::vector<double> speed_factors(const Value& resolved, std::uint32_t workers, std::uint64_t seed) {
  std::vector<double> factors;
  for (const Value& factor : resolved["speed_factors"].items()) factors.push_back(factor.number());
  double sigma = resolved["speed_sigma"].number();
  for (auto i = static_cast<std::uint32_t>(factors.size()); i < workers; ++i) {
    Stream stream({.seed = seed, .purpose = Purpose::speed, .node = i});
    factors.push_back(sigma > 0 ? std::exp(sigma * stream.normal()) : 1.0);
  }
  factors.push_back(1.0);  // the hub
  return factors;
}

}  // namespace

Table simulated_device_table() {
  std::vector<std::string> names;
  for (const NamedProfile& row : device_profiles()) names.push_back(row.profile.name);
  return {choice("profile", names, "how fast devices compute; the server too").otherwise(kDefaultProfile),
          reals("speed_factors", "for each worker, 2 is twice as fast as the profile; left empty: drawn")
              .over(0, 1000)
              .otherwise_json("[]"),
          real("speed_sigma", "spread of drawn factors: lognormal with median 1").in(0, 3).otherwise(0.0),
          real("compute_jitter_sigma", "spread of every piece of work: lognormal with median 1")
              .in(0, 3)
              .otherwise(0.0)};
}

Value instant_devices() {
  return trusted_json(
      R"({"profile": "instant", "speed_factors": [], "speed_sigma": 0.0, "compute_jitter_sigma": 0.0})");
}

Catalogue device_catalogue() {
  Catalogue catalogue{"devices", "what simulated devices may be: /simulated_device/profile", {}};
  for (const NamedProfile& row : device_profiles()) {
    catalogue.entries.push_back({.name = row.profile.name,
                                 .summary = described(row),
                                 .source = row.profile.source,
                                 .parameters = {},
                                 .example = ""});
  }
  return catalogue;
}

bool measured(const Value& resolved) { return profile_named(resolved["profile"].text()).measured; }

Devices make_devices(const Value& resolved, std::uint32_t workers, std::uint64_t seed) {
  return Devices(profile_named(resolved["profile"].text()), speed_factors(resolved, workers, seed),
                 resolved["compute_jitter_sigma"].number(), seed);
}

}  // namespace telegrad::app
