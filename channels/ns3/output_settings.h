#pragma once

namespace telegrad::channels {

/// Which of ns-3's own outputs a run writes.
struct OutputSettings {
  bool pcap = false;
  bool flow_monitor = false;
  bool attributes = false;
};

}  // namespace telegrad::channels
