#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "sim/core/device.h"
#include "sim/core/network.h"

namespace telegrad {

/// How an encoder cuts: blocks of at most `limit` bytes, in number a multiple of `pieces`; piece s is the s-th
/// equal run of blocks, empty ones allowed.
struct Cut {
  std::uint32_t limit = 64 * 1024;
  std::uint32_t pieces = 1;
};

/// What an exchange may do with a fold. linear: coordinate-wise, may be sliced and hopped. associative: partial
/// results may be folded again. sliceable: slice owners fold all of their slice. local: all payloads together.
enum class Shape : std::uint8_t { local, sliceable, associative, linear };

/// One worker's contribution. age > 0: deferred from that many rounds ago.
struct Part {
  Part(Rank from, Payload what, std::uint32_t rounds) : rank(from), payload(std::move(what)), age(rounds) {}
  Rank rank;
  Payload payload;
  std::uint32_t age;
};

/// Merges contributions. Belongs to the method of the node that folds, and may keep state there.
class Fold {
 public:
  virtual ~Fold() = default;
  virtual Payload fold(std::span<const Part> parts, Cut cut) = 0;
  virtual Payload finish(Payload merged, Cut) { return merged; }
  virtual Shape shape() const = 0;
};

/// The result of a reduction at one node.
struct Reduced {
  Payload merged;
  Payload returned;  // blocks this node last held that were not applied, perhaps of earlier operations
  std::uint32_t cohort = 0;  // who took part; where its bytes were lost, the last one heard of
};

/// When a hub closes a collection: when the whole cohort has contributed, or when `quorum` have and `policy`
/// has passed since it opened. A quorum of 0 is everybody: then nothing but the link decides, never a clock.
enum class Late : std::uint8_t { returned, deferred };
struct Wait {
  std::uint32_t quorum = 0;
  SimTime policy{};
  Late late = Late::returned;
  std::uint32_t window = 8;  // verdicts repeated to each worker, so that a loss of control bytes is survived
};

/// What a node's host work needs: where it runs, what it costs, who sees it.
struct Host {
  Network& network;
  const Devices& devices;
  Pool* pool;  // nullptr: jobs run on the event thread
  Observer& observer;
};

/// What both ends of an exchange can do.
class End {
 public:
  End(const Host& host, NodeId node);
  virtual ~End() = default;
  End(const End&) = delete;
  End& operator=(const End&) = delete;

  virtual std::uint32_t ranks() const = 0;
  /// How payloads of this node must be cut for a fold of this shape.
  virtual Cut cut(Shape shape) const = 0;
  /// Names the round of all that follows, for results and jitter.
  void begin(std::uint64_t round);
  /// The round is over at this node; a learner's has a loss.
  void end_learning(double loss) {
    Operation finished(Operation::Kind::finished);
    finished.loss = loss;
    tell(finished);
  }
  void end_serving() { tell(Operation(Operation::Kind::served)); }
  std::uint64_t round() const { return round_; }
  NodeId node() const { return node_; }
  Network& network() const { return host_.network; }

  /// A host job of this node, begun now, charged to its simulated device. An empty job (replay) only takes
  /// its time.
  template <class R>
  Compute<R> work(Phase phase, Cost cost, std::function<R()> job) {
    return host_.network.compute<R>(host_.pool, std::move(job), charge(phase, cost));
  }

 protected:
  const Host host_;
  void tell(const Operation& operation) { host_.observer.operation(node_, operation); }

 private:
  SimTime charge(Phase phase, const Cost& cost);

  NodeId node_;
  std::uint64_t round_ = 0;
  Stream jitter_;
};

/// One worker's end. Operations are counted: all members call the same ones in the same order.
class Exchange : public End {
 public:
  using End::End;
  virtual Rank rank() const = 0;
  /// One node's bytes at all nodes; hub_rank is a legal origin where there is a hub.
  virtual Task<Payload> share(Rank origin, Payload payload) = 0;
  /// Everybody's payloads folded into one.
  virtual Task<Reduced> reduce(Payload payload, Fold& fold) = 0;
};

/// The folding end of a star: reduce = collect, fold, publish.
class Hub : public End {
 public:
  using End::End;
  /// Who takes part in the operations that follow; at first everybody.
  virtual void cohort(std::vector<Rank> members) = 0;
  /// The contributions in the order of ranks, once the Wait policy closes.
  virtual Task<std::vector<Part>> collect() = 0;
  /// How many contributions the latest collection has, deferred ones included.
  virtual std::uint32_t contributions() const = 0;
  /// Answers the collection: to the cohort, with each member's verdict.
  virtual void publish(Payload merged) = 0;
  virtual Task<Payload> share(Rank origin, Payload payload) = 0;
};

/// The nodes that exchange with one another.
class Group {
 public:
  virtual ~Group() = default;
  virtual Exchange& at(Rank rank) = 0;
  virtual Hub* hub() { return nullptr; }
};

}  // namespace telegrad
