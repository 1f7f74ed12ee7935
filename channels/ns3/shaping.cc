#include "channels/ns3/shaping.h"

#include <algorithm>
#include <map>

#include "ns3/drop-tail-queue.h"
#include "ns3/ipv4-queue-disc-item.h"
#include "ns3/net-device.h"
#include "ns3/node.h"
#include "ns3/queue-disc.h"
#include "ns3/simulator.h"
#include "ns3/traffic-control-helper.h"
#include "ns3/traffic-control-layer.h"

namespace telegrad::channels {

namespace {

constexpr auto kRow = "1000000p";  // more than all windows: nothing is dropped

/// When packets may go. The bucket is full at `full_`, and was or will be so much emptier before.
class TokenBucket final {
 public:
  explicit TokenBucket(double bits_per_s) : bits_per_s_(bits_per_s) {}
  ns3::Time ready(std::uint32_t bytes) const {
    return full_ - time(Shaping::kBucketBytes - std::min(Shaping::kBucketBytes, bytes));
  }
  void take(std::uint32_t bytes, ns3::Time now) { full_ = std::max(full_, now) + time(bytes); }

 private:
  ns3::Time time(std::uint32_t bytes) const {
    return ns3::NanoSeconds(static_cast<std::int64_t>(bytes * 8e9 / bits_per_s_ + 0.5));
  }
  const double bits_per_s_;
  ns3::Time full_;
};

}  // namespace

/// One root for all rows of a device, where ns-3 has a Tbf below a Prio: children of that send by themselves, past
/// the device's word that its queue is full, and each dequeue asks every one of them.
class LinkShaper final : public ns3::QueueDisc {
 public:
  static ns3::TypeId GetTypeId() {
    static const auto id = ns3::TypeId("telegrad::LinkShaper").SetParent<QueueDisc>();
    return id;
  }
  LinkShaper() : QueueDisc(ns3::QueueDiscSizePolicy::NO_LIMITS) {}

  void add_row(double bits_per_s) {
    auto row = ns3::CreateObject<ns3::DropTailQueue<ns3::QueueDiscItem>>();
    row->SetMaxSize(ns3::QueueSize(kRow));
    AddInternalQueue(row);
    buckets_.emplace_back(bits_per_s);
  }
  /// Packets for addresses without a row of their own stay in the first.
  void choose(ns3::Ipv4Address destination, std::size_t row) { rows_[destination.Get()] = row; }
  std::uint32_t waiting(std::size_t row) const { return GetInternalQueue(row)->GetNPackets(); }

 private:
  bool DoEnqueue(ns3::Ptr<ns3::QueueDiscItem> item) override {
    return GetInternalQueue(row_of(*item))->Enqueue(item);
  }

  ns3::Ptr<ns3::QueueDiscItem> DoDequeue() override {
    const auto now = ns3::Simulator::Now();
    auto earliest = ns3::Time::Max();
    for (std::size_t i = 0; i < buckets_.size(); ++i) {
      const auto row = (next_ + i) % buckets_.size();
      const auto head = GetInternalQueue(row)->Peek();
      if (!head) continue;
      const auto ready = buckets_[row].ready(head->GetSize());
      if (ready > now) {
        earliest = std::min(earliest, ready);
        continue;
      }
      buckets_[row].take(head->GetSize(), now);
      next_ = row + 1;
      return GetInternalQueue(row)->Dequeue();
    }
    if (earliest != ns3::Time::Max()) wake(earliest);
    return nullptr;
  }

  void wake(ns3::Time when) {
    if (wake_.IsPending() && wake_at_ <= when) return;
    wake_.Cancel();
    wake_at_ = when;
    wake_ = ns3::Simulator::Schedule(when - ns3::Simulator::Now(), &QueueDisc::Run, this);
  }

  std::size_t row_of(const ns3::QueueDiscItem& item) const {
    const auto* packet = dynamic_cast<const ns3::Ipv4QueueDiscItem*>(&item);
    if (packet == nullptr) return 0;
    const auto at = rows_.find(packet->GetHeader().GetDestination().Get());
    return at == rows_.end() ? 0 : at->second;
  }

  bool CheckConfig() override { return true; }
  void InitializeParams() override {}
  void DoDispose() override {
    wake_.Cancel();
    QueueDisc::DoDispose();
  }

  std::vector<TokenBucket> buckets_;  // by row
  std::map<std::uint32_t, std::size_t> rows_;
  std::size_t next_ = 0;  // the row that is asked first
  ns3::EventId wake_;
  ns3::Time wake_at_;
};

Shaping::Shaping(const Cell& cell, double rate_mbps) : hub_(cell.hub()) {
  for (std::uint32_t id = 0; id <= hub_.value; ++id) {
    auto shaper = ns3::CreateObject<LinkShaper>();
    const std::uint32_t rows = NodeId{id} == hub_ ? hub_.value : 1;
    for (std::uint32_t row = 0; row < rows; ++row) {
      shaper->add_row(rate_mbps * 1e6);
      if (NodeId{id} == hub_) shaper->choose(cell.address(NodeId{row}), row);
    }
    ns3::TrafficControlHelper().Uninstall(cell.device(NodeId{id}));
    cell.node(NodeId{id})
        ->GetObject<ns3::TrafficControlLayer>()
        ->SetRootQueueDiscOnDevice(cell.device(NodeId{id}), shaper);
    shapers_.push_back(shaper);
  }
}

Shaping::~Shaping() = default;

std::uint32_t Shaping::waiting(NodeId from, NodeId to) const {
  return shapers_[from.value]->waiting(from == hub_ ? to.value : 0);
}

}  // namespace telegrad::channels
