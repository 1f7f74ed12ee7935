#include "channels/ns3/radio.h"

#include <algorithm>

#include "ns3/nstime.h"
#include "ns3/wifi-mode.h"

namespace telegrad::channels {

namespace {

bool in_2_4_ghz(const Radio& radio) { return radio.band_ghz < 3; }
bool in_6_ghz(const Radio& radio) { return radio.band_ghz > 5.5; }

/// One generation of Wi-Fi, by its own name and by the family of ns-3's modes.
struct Generation {
  WifiStandard standard;
  const char* name;
  const char* family;
  std::vector<int> guard_intervals_ns;
  int highest_mcs;
};

const Generation& generation_of(WifiStandard standard) {
  static const std::vector<Generation> all{{WifiStandard::n, "802.11n", "Ht", {400, 800}, 7},
                                           {WifiStandard::ac, "802.11ac", "Vht", {400, 800}, 9},
                                           {WifiStandard::ax, "802.11ax", "He", {800, 1600, 3200}, 11},
                                           {WifiStandard::be, "802.11be", "Eht", {800, 1600, 3200}, 13}};
  return all.at(static_cast<std::size_t>(standard));
}

std::vector<int> widths_of(const Radio& radio) {
  if (in_2_4_ghz(radio) || radio.standard == WifiStandard::n) return {20, 40};
  return {20, 40, 80, 160};
}

bool contains(const std::vector<int>& list, int value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

std::string joined(const std::vector<int>& list) {
  std::string text;
  for (const int value : list) text += (text.empty() ? "" : ", ") + std::to_string(value);
  return text;
}

Problem problem(std::string pointer, std::string message) {
  Problem found;
  found.pointer = std::move(pointer);
  found.message = std::move(message);
  return found;
}

}  // namespace

WifiStandard standard_of(const std::string& name) {
  for (const auto standard : {WifiStandard::n, WifiStandard::ac, WifiStandard::ax}) {
    if (name == generation_of(standard).name) return standard;
  }
  return WifiStandard::be;
}

std::vector<Problem> check_radio(const Radio& radio, const Rate& rate) {
  std::vector<Problem> problems;
  const Generation& generation = generation_of(radio.standard);
  const std::string name = generation.name;
  const auto widths = widths_of(radio);
  const auto& guards = generation.guard_intervals_ns;
  if (radio.standard == WifiStandard::ac && !(radio.band_ghz > 4 && radio.band_ghz < 5.5)) {
    problems.push_back(problem("/band_ghz", name + " is used at 5 GHz only"));
  } else if (radio.standard == WifiStandard::n && in_6_ghz(radio)) {
    problems.push_back(problem("/band_ghz", name + " is used at 2.4 and 5 GHz only"));
  } else if (!contains(widths, radio.channel_width_mhz)) {
    problems.push_back(
        problem("/channel_width_mhz", name + " in this band has channels of " + joined(widths) + " MHz"));
  }
  if (!contains(guards, radio.guard_interval_ns)) {
    problems.push_back(
        problem("/guard_interval_ns", name + " has guard intervals of " + joined(guards) + " ns"));
  }
  if (rate.control != RateControl::constant) return problems;
  if (rate.mcs > generation.highest_mcs) {
    problems.push_back(problem("/rate/mcs", name + " has MCS 0 to " + std::to_string(generation.highest_mcs) +
                                                " with one spatial stream"));
  } else if (radio.standard == WifiStandard::ac && rate.mcs == 9 && radio.channel_width_mhz == 20) {
    problems.push_back(problem("/rate/mcs", "802.11ac has no MCS 9 on 20 MHz with one spatial stream"));
  }
  return problems;
}

std::string mode_name(WifiStandard standard, int mcs) {
  return std::string(generation_of(standard).family) + "Mcs" + std::to_string(mcs);
}

std::string control_mode_name(const Radio& radio) {
  return in_2_4_ghz(radio) ? "ErpOfdmRate6Mbps" : "OfdmRate6Mbps";
}

std::string channel_text(const Radio& radio) {
  const std::string band = in_2_4_ghz(radio) ? "2_4GHZ" : in_6_ghz(radio) ? "6GHZ" : "5GHZ";
  return "{0, " + std::to_string(radio.channel_width_mhz) + ", BAND_" + band + ", 0}";
}

double phy_rate_mbps(const Radio& radio, int mcs) {
  const ns3::WifiMode mode(mode_name(radio.standard, mcs));
  const auto guard = ns3::NanoSeconds(radio.guard_interval_ns);
  return static_cast<double>(mode.GetDataRate(ns3::MHz_u{double(radio.channel_width_mhz)}, guard, 1)) / 1e6;
}

double reference_loss_db(const Radio& radio) {
  // 20 log10(4 pi f / c) at 2.412, 5.15 and 5.955 GHz; the middle one is ns-3's default.
  return in_2_4_ghz(radio) ? 40.09 : in_6_ghz(radio) ? 47.94 : 46.6777;
}

}  // namespace telegrad::channels
