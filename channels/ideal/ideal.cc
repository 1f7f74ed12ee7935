// Links of a fixed rate and latency that lose blocks independently: exact to the nanosecond, so that tests can
// say what a run must take.

#include <algorithm>
#include <map>
#include <queue>

#include "channels/networks.h"
#include "channels/sampling.h"
#include "sim/core/random.h"

namespace telegrad::channels {
namespace {

struct Direction {
  double bits_per_s = 0;  // 0: takes no time
  double block_loss = 0;
  bool broadcast = false;
};

struct IdealSettings {
  SimTime latency{};
  Direction up, down;
  bool shared = false;
  std::uint32_t block_bytes = 0;
};

class Ideal final : public Network {
 public:
  Ideal(const IdealSettings& settings, const NetworkContext& context)
      : Network(*context.observer), settings_(settings), hub_{context.workers}, seed_(context.seed) {}
  ~Ideal() override { drop(); }

  std::uint32_t limit(NodeId, NodeId, Leg) const override { return settings_.block_bytes; }

  NetworkFacts facts() const override {
    return {.reliable = settings_.up.block_loss == 0 && settings_.down.block_loss == 0,
            .reliable_down = settings_.down.block_loss == 0,
            .broadcasts_down = settings_.down.broadcast,
            .shared_medium = settings_.shared,
            .phy_rate_mbps = {},
            .device_rate_mbps = {},
            .device_burst_bytes = 0,
            .positions = {},
            .assumptions =
                {"ideal links: fixed rate and latency, no headers, no contention but the medium's queue"},
            .not_modelled = {"bytes on the air"}};
  }

 protected:
  SimTime clock() const override { return now_; }
  void at(SimTime when, Slot slot) override { events_.push({when, next_++, slot, 0, {}}); }

  void transmit(Transmission what) override {
    const AirTime air = take_medium(what);
    arrive(what, air);
  }

  void transmit_to_all(std::vector<Transmission> copies) override {
    const bool once = copies.front().leg == Leg::down && settings_.down.broadcast;
    if (!once) return Network::transmit_to_all(std::move(copies));
    // On a shared medium one transmission serves all; where every node has its own link they begin at once.
    AirTime air = take_medium(copies.front());
    for (Transmission& copy : copies) {
      const bool first = copy.id == copies.front().id;
      if (!first && !settings_.shared) air = take_medium(copy);
      if (!first) overheard(copy.id);
      arrive(copy, air);
    }
  }

  void loop(SimTime horizon) override {
    for (halted_ = false; !halted_ && !events_.empty();) {
      if (events_.top().when > horizon) {
        now_ = horizon;
        return;
      }
      Event event = events_.top();
      events_.pop();
      now_ = event.when;
      if (event.transmission == 0) {
        fire(event.slot);
      } else {
        finish(event);
      }
    }
  }

  void halt() override { halted_ = true; }

 private:
  using Link = std::pair<NodeId, NodeId>;
  struct Event {
    SimTime when;
    std::uint64_t order;  // of scheduling: simultaneous events keep it
    Slot slot;
    std::uint64_t transmission;  // 0: a slot
    std::vector<bool> lost;      // one for each block, then the control bytes
    bool operator<(const Event& other) const {
      return when != other.when ? when > other.when : order > other.order;
    }
  };

  struct AirTime {
    SimTime begin;
    SimTime end;
  };

  /// What is sent again takes the way of those who send it.
  const Direction& direction_of(const Transmission& what) const {
    const bool down = what.leg == Leg::down || (what.leg == Leg::repair && what.from == hub_);
    return down ? settings_.down : settings_.up;
  }

  AirTime take_medium(const Transmission& what) {
    SimTime& free = free_at_[settings_.shared ? Link{} : Link{what.from, what.to}];
    const SimTime begin = std::max(now_, free);
    free = begin + air_time(direction_of(what), what.payload.bytes() + what.control.size);
    return {begin, free};
  }

  void arrive(const Transmission& what, const AirTime& air) {
    started(what.id, air.begin);
    Event arrival{air.end + settings_.latency, next_++, 0, what.id, {}};
    const double loss = what.leg == Leg::repair ? 0 : direction_of(what).block_loss;
    if (loss > 0) arrival.lost = draw_losses(loss, what);
    events_.push(std::move(arrival));
  }

  static SimTime air_time(const Direction& direction, std::uint64_t bytes) {
    if (direction.bits_per_s <= 0) return SimTime::zero();
    return from_seconds(static_cast<double>(bytes) * 8.0 / direction.bits_per_s);
  }

  std::vector<bool> draw_losses(double probability, const Transmission& what) {
    Stream stream({.seed = seed_,
                   .purpose = Purpose::loss,
                   .node = what.from.value,
                   .round = sent_by_[what.from]++,
                   .tensor = what.to.value});
    std::vector<bool> lost(what.payload.blocks().size() + 1);
    for (std::size_t i = 0; i < lost.size(); ++i) lost[i] = stream.uniform() < probability;
    return lost;
  }

  void finish(Event& event) {
    bool control_lost = !event.lost.empty() && event.lost.back();
    if (!event.lost.empty()) event.lost.pop_back();
    std::size_t blocks = event.lost.size();
    std::size_t holes = static_cast<std::size_t>(std::count(event.lost.begin(), event.lost.end(), true));
    if (blocks == 0 || holes < blocks) arrived(event.transmission);
    deliver(event.transmission, event.lost, control_lost);
    bool none = blocks > 0 && holes == blocks;
    settle(event.transmission, none ? Outcome::lost : holes > 0 ? Outcome::partial : Outcome::delivered);
  }

  const IdealSettings settings_;
  const NodeId hub_;
  const std::uint64_t seed_;
  SimTime now_{};
  bool halted_ = false;
  std::uint64_t next_ = 0;
  std::priority_queue<Event> events_;
  std::map<Link, SimTime> free_at_;
  std::map<NodeId, std::uint32_t> sent_by_;
};

Direction direction(const Value& v) {
  const Value* rate = v.find("rate_mbps");
  const Value* broadcast = v.find("broadcast");
  return {.bits_per_s = rate == nullptr ? 0.0 : rate->number() * 1e6,
          .block_loss = v["block_loss"].number(),
          .broadcast = broadcast != nullptr && broadcast->boolean()};
}

Table direction_table() {
  return {real("rate_mbps", "rate of the link; left out: it takes no time")
              .above(0)
              .measured_in("Mbit/s")
              .optional(),
          real("block_loss", "probability that a block is lost").in(0, 1).otherwise(0.0)};
}

Table downlink_table() {
  Table table = direction_table();
  table.push_back(boolean("broadcast",
                          "the server sends what is for several workers once for all of them; "
                          "each loses blocks of its own")
                      .otherwise(false));
  return table;
}

std::unique_ptr<Network> make(const Value& v, const NetworkContext& context) {
  IdealSettings settings{.latency = from_seconds(v["latency_ms"].number() / 1e3),
                         .up = direction(v["uplink"]),
                         .down = direction(v["downlink"]),
                         .shared = v["medium"].text() == "shared",
                         .block_bytes = static_cast<std::uint32_t>(v["block_bytes"].integer())};
  return std::make_unique<Ideal>(settings, context);
}

}  // namespace

NetworkEntry ideal() {
  return {
      {.name = "ideal",
       .summary = "links of fixed rate and latency, losing blocks independently; no radio",
       .source = "",
       .parameters =
           {real("latency_ms", "from the last byte sent to its arrival")
                .at_least(0)
                .measured_in("ms")
                .otherwise(1.0),
            object("uplink", direction_table(), "workers to server; what goes to be folded")
                .otherwise_json("{}"),
            object("downlink", downlink_table(), "server to workers; results, whoever passes them on")
                .otherwise_json("{}"),
            choice("medium", {"per_node", "shared"}, "a link for each pair of nodes, or one queue for all")
                .otherwise("per_node"),
            integer("block_bytes", "largest block").in(64, 65536).measured_in("bytes").otherwise(65536),
            sampling_parameter()},
       .example = R"({"type": "ideal", "latency_ms": 2, "uplink": {"rate_mbps": 10}, "medium": "shared"})"},
      make};
}

}  // namespace telegrad::channels
