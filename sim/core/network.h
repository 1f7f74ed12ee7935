#pragma once

#include <atomic>
#include <coroutine>
#include <cstdint>
#include <deque>
#include <exception>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <queue>
#include <string>
#include <unordered_map>
#include <vector>

#include "sim/core/link_estimate.h"
#include "sim/core/observer.h"
#include "sim/core/payload.h"
#include "sim/core/pool.h"
#include "sim/core/task.h"
#include "sim/core/types.h"

namespace telegrad {

struct SamplingReport;
struct SamplingSettings;

/// What a message is for, shown in the results.
struct Label {
  std::uint64_t round = 0;
  const char* purpose = "";
};

/// What is known of a network before it runs.
struct NetworkFacts {
  bool reliable = true;          // all that is sent arrives, or the run fails
  bool reliable_down = true;     // all that goes down does
  bool broadcasts_down = false;  // a message of the hub to several receivers is sent once for all of them
  bool shared_medium = true;     // messages under way at once slow one another down
  std::optional<double> phy_rate_mbps;  // nominal; absent where it adapts or does not exist
  // Of each worker's link, each way, where it has a limit of its own, and what may pass at once after a pause.
  std::optional<double> device_rate_mbps;
  double device_burst_bytes = 0;
  std::vector<std::pair<double, double>> positions;  // of nodes 0..N, in m; empty where there is no space
  std::vector<std::string> assumptions;
  std::vector<std::string> not_modelled;
};

struct Message {
  Message(NodeId sender, std::vector<NodeId> receivers, Tag mailbox, Payload what, Block aside, Leg way,
          Label label)
      : from(sender), to(std::move(receivers)), tag(mailbox), payload(std::move(what)),
        control(std::move(aside)), leg(way), about(label) {}

  NodeId from;
  std::vector<NodeId> to;
  Tag tag;
  Payload payload;
  Block control;  // bytes of the exchange itself, apart from the payload
  Leg leg;
  Label about;
  std::vector<std::uint64_t>
      operations;  // of each receiver's mailbox, where they count differently; else the tag's
};

struct Delivery {
  NodeId from;
  Tag tag;
  Payload payload;  // with holes where blocks were lost
  Block control;    // control.lost where it did not arrive
  SimTime at{};     // handed over; it may lie in its mailbox for a while
};

/// What the sender knows of a message; of several receivers, the worst outcome.
struct Receipt {
  Outcome outcome = Outcome::failed;
  SimTime at{};
};

enum class Role : std::uint8_t { worker, service };  // a run ends when its workers have ended

/// In this step one mailbox serves all operations (late and unordered mail); the delivery's tag tells which.
inline constexpr std::uint32_t kAnyOperation = 1u << 31;

class Waiter;
class Sleep;
class Sending;
class Receive;
class Join;
template <class R>
class Compute;

/// Actors on simulated time, and the mail between them. Everything but the medium itself is written here once;
/// a backend moves one payload from one node to another and keeps the clock.
///
/// Contracts: one Receipt for each send; at most one Delivery for each receiver; an actor that can never go on
/// ends the run with RunError(stalled) that names what each misses; an exception of an actor or a host job
/// leaves `run` as itself.
class Network {
 public:
  explicit Network(Observer& observer);
  virtual ~Network();
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;

  SimTime now() const { return frozen_ ? frozen_at_ : clock() + skipped_; }
  /// Bytes of the largest block from one node to another on this leg.
  virtual std::uint32_t limit(NodeId from, NodeId to, Leg leg) const = 0;
  /// Pairs that will talk, each from the first to the second; a network that must connect them does so before time
  /// 0. Without a call: the hub with every worker, both ways. Before the run.
  virtual void expect_links(const std::vector<std::pair<NodeId, NodeId>>&) {}
  /// Bytes on the air so far; nullopt where this network does not model them.
  virtual std::optional<OnAir> on_air() const { return std::nullopt; }
  /// Where the files go that a scenario asks its network for; without a call none are written. Before the run.
  virtual void set_output_folder(const std::filesystem::path&) {}
  /// What results and `explain` say about it; known before it runs.
  virtual NetworkFacts facts() const { return {}; }

  Sleep sleep(SimTime duration);
  Sending send(Message message);
  void post(Message message);  // as send, with nobody waiting for the receipt
  /// The next delivery in a mailbox, or nullopt at the deadline. `missing` says who is waited for.
  Receive receive(NodeId node, Tag tag, SimTime deadline, std::function<std::string()> missing);
  /// A host job that begins now and whose result is there after `duration` on the simulated clock. Without a
  /// job (replay) only the time passes; R must then be default-constructible.
  template <class R>
  Compute<R> compute(Pool* pool, std::function<R()> job, SimTime duration);
  Join all(std::vector<Task<>> tasks);

  /// Whether mail lies in this mailbox.
  bool has_mail(NodeId node, Tag tag) const;

  /// What this sender may know of its link to another node: from its messages so far, those with a payload.
  LinkEstimate link(NodeId from, NodeId to) const;
  /// Mail for operations below `below` on this channel is dropped, now and when it comes.
  void retire(NodeId node, std::uint32_t channel, std::uint64_t below);
  void spawn(NodeId node, Task<> actor, Role role);
  /// Until all workers have ended or the horizon is reached (returns false).
  bool run(SimTime horizon);
  /// All that was to be done is done: `run` returns after this event, whatever is still under way.
  void finish();
  /// Ends `run` soon, with what has happened so far. From any thread and from signal handlers.
  void stop() noexcept { stopped_.store(true, std::memory_order_relaxed); }
  bool stopped() const noexcept { return stopped_.load(std::memory_order_relaxed); }
  /// Destroys all actors and what they wait for. A backend's destructor calls it first.
  void drop();
  /// Simulated time without any progress after which the run counts as stalled.
  void set_patience(SimTime patience) { patience_ = patience; }

  /// From now on some rounds are simulated and the others drawn from them. Before the run.
  void set_sampling(const SamplingSettings& settings);
  /// A round is over: completes its record where messages of it were drawn.
  void close(RoundRecord& round);
  /// Nothing where every round is simulated because nobody asked for less.
  std::optional<SamplingReport> sampling_report() const;

 protected:
  using Slot = std::uint64_t;
  struct Transmission {
    std::uint64_t id = 0;
    NodeId from;
    NodeId to;
    Tag tag;
    Payload payload;
    Block control;
    Leg leg = Leg::up;
    std::uint64_t round = 0;  // of the message's label
  };

  // A backend implements these, by a clock of its own, which stands still while nothing goes over its medium ...
  virtual SimTime clock() const = 0;
  virtual void prepare() {}                              // before time 0: association, connections
  virtual void at(SimTime when, Slot slot) = 0;          // calls fire(slot) then; `when` is never in the past
  virtual void transmit(Transmission transmission) = 0;  // never delivers from within
  /// One message to several receivers; a backend that can sends it once. Same bytes, an id for each.
  virtual void transmit_to_all(std::vector<Transmission> copies);
  virtual void loop(SimTime horizon) = 0;  // runs events until halt() or the horizon
  virtual void halt() = 0;                 // makes loop return after this event

  // ... and calls these, all on the event thread.
  void fire(Slot slot);
  void progress() {  // bytes moved: not stalled
    ++moves_;
    if (stopped()) halt();
  }
  void started(std::uint64_t id) { started(id, clock()); }  // first byte handed to the medium
  void started(std::uint64_t id, SimTime when);
  void arrived(std::uint64_t id);  // the latest data block reached the receiver
  /// Hands over. `lost` marks the lost blocks, empty for none. Later calls for the same id are ignored.
  void deliver(std::uint64_t id, const std::vector<bool>& lost, bool control_lost);
  /// The transmission is over; exactly one call for each id, after its delivery where there is one.
  void settle(std::uint64_t id, Outcome outcome);
  void charge_control(std::uint64_t id, std::uint64_t bytes);  // markers of the transport
  void overheard(std::uint64_t id);                            // its bytes went with another transmission's
  /// Ends the run with this exception.
  void fail(std::exception_ptr failure);

 private:
  friend class Waiter;
  friend class Sending;
  friend class Receive;
  template <class R>
  friend class Compute;
  class Actor;
  class Watchdog;
  class FastForward;
  struct Timer {
    Waiter* waiter = nullptr;
    std::uint32_t generation = 1;
    SimTime when{};
    std::uint64_t order = 0;  // of arming: simultaneous timers keep it
  };
  struct Due {
    SimTime when;
    std::uint64_t order = 0;
    Slot slot = 0;
    bool operator>(const Due& other) const {
      return when != other.when ? when > other.when : order > other.order;
    }
  };
  struct Mailbox {
    std::deque<Delivery> mail;
    Receive* waiting = nullptr;
  };
  struct Flight {  // one payload on its way to one receiver
    MessageRecord record;
    Tag tag;
    Payload payload;
    Block control;
    Sending* sender = nullptr;
    bool delivered = false;
  };
  struct BoxKey {
    NodeId node;
    Tag tag;
    bool operator==(const BoxKey&) const = default;
  };
  struct BoxHash {
    std::size_t operator()(const BoxKey& key) const noexcept;
  };

  Slot arm(Waiter* waiter, SimTime when);
  void disarm(Slot slot);
  void freeze();  // the backend's clock stands still; timers run without it
  void thaw();    // it goes on where it stood
  void rearm_all();
  void run_frozen();
  std::vector<std::uint64_t> launch(Message message, Sending* sender);
  void forget(const std::vector<std::uint64_t>& flights);  // their sender is gone
  void hand_over(Delivery delivery, NodeId to);
  std::optional<Delivery> take_mail(NodeId node, Tag tag);
  void park(Receive* receive);
  void unpark(Receive* receive);
  void record(const Flight& flight);
  Flight& take_off(const Message& message, std::size_t receiver, std::uint64_t id);
  Task<> live(Task<> actor, Role role);
  void stall();

  Observer& observer_;
  std::vector<Timer> timers_;
  std::vector<std::uint32_t> free_timers_;
  std::unordered_map<BoxKey, Mailbox, BoxHash> mailboxes_;
  std::map<std::pair<NodeId, std::uint32_t>, std::uint64_t> retired_;
  std::unordered_map<std::uint64_t, Flight> flights_;
  std::map<std::pair<NodeId, NodeId>, LinkEstimate> links_;
  std::uint64_t next_flight_ = 1;
  std::uint64_t moves_ = 0;
  std::size_t armed_ = 0;  // timers that will fire by themselves
  std::uint64_t armings_ = 0;
  bool frozen_ = false;
  SimTime frozen_at_{};  // now, while frozen
  SimTime skipped_{};    // now minus the backend's clock, while not frozen
  SimTime horizon_ = kNever;
  std::priority_queue<Due, std::vector<Due>, std::greater<>> due_;  // while frozen
  std::size_t workers_ = 0;
  bool finished_ = false;
  SimTime patience_ = std::chrono::seconds(120);
  std::exception_ptr failure_;
  std::atomic<bool> stopped_ = false;
  std::unique_ptr<FastForward> fast_forward_;
  std::vector<std::unique_ptr<Actor>> actors_;  // last: their frames refer to all above
};

}  // namespace telegrad

#include "sim/core/awaiters.h"
