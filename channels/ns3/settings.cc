#include "channels/ns3/settings.h"

#include <algorithm>
#include <string>

#include "channels/ns3/tcp.h"

namespace telegrad::channels {

namespace {

/// Bytes that TCP may have under way over a shaped link: what it carries in 100 ms. ns-3's TCP fills all that its buffer
/// holds at once, where Linux keeps no more than some milliseconds in a queue: an acknowledgement of the other direction
/// would wait behind a megabyte.
std::uint64_t shaped_window(double rate_mbps) {
  return static_cast<std::uint64_t>(std::clamp(rate_mbps * 1e6 / 8 * 0.1, 16.0 * 1448, 1048576.0));
}

}  // namespace

const OwnedAttributes& owned_wifi_attributes() {
  static const OwnedAttributes owned{
      {"ns3::WifiPhy::ChannelSettings", "/network/band_ghz and /network/channel_width_mhz"},
      {"ns3::HtConfiguration::ShortGuardIntervalSupported", "/network/guard_interval_ns"},
      {"ns3::HeConfiguration::GuardInterval", "/network/guard_interval_ns"},
      {"ns3::ConstantRateWifiManager::DataMode", "/network/rate/mcs"},
      {"ns3::WifiMac::QosSupported", "/network/standard (all of n, ac, ax and be have it)"},
      {"ns3::WifiMac::FrameRetryLimit", "/network/frame_retry_limit"},
      {"ns3::WifiRemoteStationManager::IncrementRetryCountUnderBa", "/network/retry_count_under_block_ack"},
      {"ns3::NakagamiPropagationLossModel::m0", "/network/fading/m"},
      {"ns3::NakagamiPropagationLossModel::m1", "/network/fading/m"},
      {"ns3::NakagamiPropagationLossModel::m2", "/network/fading/m"},
  };
  return owned;
}

AttributeTexts wifi_attributes(const WifiSettings& settings) {
  const auto& radio = settings.radio;
  AttributeTexts texts = tcp_attributes();
  const AttributeTexts of_the_cell{
      // Bursts wait in the queue instead of expiring after 500 ms; never so long that a message cannot close.
      {"ns3::WifiMacQueue::MaxDelay", "60s"},
      {"ns3::UdpSocket::RcvBufSize", "16777216"},
      {"ns3::ArpCache::PendingQueueSize", "1000"},
      {"ns3::StaWifiMac::MaxMissedBeacons", "1000"},
      {"ns3::StaWifiMac::AssocRequestTimeout", "50ms"},
      {"ns3::LogDistancePropagationLossModel::ReferenceLoss", std::to_string(reference_loss_db(radio))},
      // Until time 0: a handshake of block acknowledgement that is given up half way blocks a pair for good.
      {"ns3::WifiMac::FrameRetryLimit", "100"},
      {"ns3::WifiRemoteStationManager::IncrementRetryCountUnderBa", "false"},
      // Of the settings.
      {"ns3::HtConfiguration::ShortGuardIntervalSupported",
       radio.guard_interval_ns == 400 ? "true" : "false"},
      {"ns3::ConstantRateWifiManager::ControlMode", control_mode_name(radio)},
  };
  texts.insert(texts.end(), of_the_cell.begin(), of_the_cell.end());
  if (radio.standard == WifiStandard::ax || radio.standard == WifiStandard::be) {
    texts.emplace_back("ns3::HeConfiguration::GuardInterval", std::to_string(radio.guard_interval_ns) + "ns");
  }
  if (settings.rate.control == RateControl::constant) {
    texts.emplace_back("ns3::ConstantRateWifiManager::DataMode",
                       mode_name(radio.standard, settings.rate.mcs));
  }
  if (settings.device_rate_mbps) {
    texts.emplace_back("ns3::TcpSocket::SndBufSize",
                       std::to_string(shaped_window(*settings.device_rate_mbps)));
  }
  if (settings.nakagami_m) {
    for (const char* name : {"m0", "m1", "m2"}) {
      texts.emplace_back(std::string("ns3::NakagamiPropagationLossModel::") + name,
                         std::to_string(*settings.nakagami_m));
    }
  }
  texts.insert(texts.end(), settings.attributes.begin(), settings.attributes.end());
  return texts;
}

}  // namespace telegrad::channels
