#pragma once

#include <algorithm>
#include <cstdint>

#include "ns3/queue-size.h"
#include "ns3/wifi-mac-queue.h"

namespace telegrad::channels {

/// How many frames may wait in a device so that it never drops one, whatever size the user gave its queue.
inline std::uint32_t room_in(const ns3::WifiMacQueue& queue) {
  constexpr std::uint32_t kFewInQueue = 100;   // enough for the longest aggregate, far below the queue's 500
  constexpr std::uint32_t kFrameBytes = 1600;  // at most, in the queue
  const auto size = queue.GetMaxSize();
  const bool packets = size.GetUnit() == ns3::QueueSizeUnit::PACKETS;
  const std::uint32_t frames = packets ? size.GetValue() : size.GetValue() / kFrameBytes;
  return std::clamp<std::uint32_t>(frames / 2, 1, kFewInQueue);
}

}  // namespace telegrad::channels
