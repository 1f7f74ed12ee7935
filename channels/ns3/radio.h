#pragma once

#include <string>
#include <vector>

#include "sim/core/errors.h"

namespace telegrad::channels {

enum class WifiStandard { n, ac, ax, be };

/// How stations and access point talk: IEEE 802.11-2020, 802.11ax-2021 and 802.11be-2024, one spatial stream and, in be, one
/// link.
struct Radio {
  WifiStandard standard = WifiStandard::ax;
  double band_ghz = 5;          // 2.4, 5, 6
  int channel_width_mhz = 20;   // 20, 40, 80, 160; ns-3 3.44 has no channels of 320
  int guard_interval_ns = 800;  // n, ac: 400, 800; ax, be: 800, 1600, 3200
};

enum class RateControl { constant, ideal, thompson_sampling };

struct Rate {
  RateControl control = RateControl::constant;
  int mcs = 7;  // constant only; n: 0 to 7, ac: 0 to 9, ax: 0 to 11, be: 0 to 13
};

WifiStandard standard_of(const std::string& name);  // "802.11n", "802.11ac", "802.11ax", "802.11be"

/// Combinations that the standard does not have; pointers as in the scenario's network object.
std::vector<Problem> check_radio(const Radio& radio, const Rate& rate);

// The names that ns-3 knows these by.
std::string mode_name(WifiStandard standard, int mcs);  // "HeMcs7"
std::string control_mode_name(const Radio& radio);      // of frames that every station must understand
std::string channel_text(const Radio& radio);           // ns3::WifiPhy::ChannelSettings

/// What the physical layer carries while it sends data at this rate, in Mbit/s.
double phy_rate_mbps(const Radio& radio, int mcs);

/// Loss over the first metre in free space (Friis), in dB; what log-distance loss starts from.
double reference_loss_db(const Radio& radio);

}  // namespace telegrad::channels
