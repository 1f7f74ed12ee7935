#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "sim/core/device.h"
#include "sim/core/network.h"

namespace telegrad {

/// One of so many equally long runs of what is folded.
struct Slice {
  std::uint32_t index = 0;
  std::uint32_t of = 1;
};

/// How an encoder cuts: blocks of at most `limit` bytes, in number a multiple of `pieces`; piece s is the s-th
/// equal run of blocks, empty ones allowed. A fold of a slice has parts that are piece `slice.index` of
/// `slice.of`, and makes that piece.
struct Cut {
  std::uint32_t limit = 64 * 1024;
  std::uint32_t pieces = 1;
  Slice slice = {};
};

/// A payload's piece s of n: the s-th equal run of its blocks.
Payload piece(const Payload& payload, std::uint32_t s, std::uint32_t n);

/// One worker's contribution, or a partial result that this worker sent. age > 0: deferred from that many rounds
/// ago.
struct Part {
  Part(Rank from, Payload what, std::uint32_t rounds) : rank(from), payload(std::move(what)), age(rounds) {}
  Rank rank;
  Payload payload;
  std::uint32_t age;
};

/// Merges contributions. Belongs to the method of the node that folds, and may keep state there. `fold` and
/// `finish` are host jobs, at a node one after the other; at several nodes they run side by side.
class Fold {
 public:
  virtual ~Fold() = default;
  virtual Shape shape() const = 0;
  /// Parts in the order in which they are added; what was lost of them are holes. Where all nodes fold the same
  /// parts, all must come to the same bytes, and may come to the same payload.
  virtual Payload fold(std::span<const Part> parts, Cut cut) = 0;
  /// Once for what has been folded of everybody's: a whole, or each slice.
  virtual Payload finish(Payload merged, Cut) { return merged; }
  /// What both cost a device.
  virtual Cost cost(std::span<const Part>, Cut) const { return {}; }
  virtual Cost finishing(const Payload& /*merged*/, Cut) const { return {}; }
};

/// The result of a reduction at one node.
struct Reduced {
  Payload merged;
  Payload returned;  // blocks this node last held that were not applied, perhaps of earlier operations
  std::uint32_t cohort = 0;  // who took part; where its bytes were lost, the last one heard of
};

/// What becomes of a contribution that comes after the close: it is lost, goes back to its worker's feedback, or counts
/// in the next collection.
enum class Late : std::uint8_t { dropped, returned, deferred };

/// When a hub closes a collection: when the whole cohort has contributed, or when enough have and `deadline` has passed
/// since it opened. By default enough is everybody: then nothing but the link decides, never a clock.
struct Wait {
  std::uint32_t quorum = 0;  // contributions that are enough; 0: everybody's but
  std::uint32_t backup = 0;  // those of so many workers (Chen et al. 2016)
  SimTime deadline{};
  Late late = Late::returned;
  std::uint32_t window = 8;  // verdicts repeated to each worker, so that a loss of control bytes is survived

  /// Of so many who are asked.
  std::uint32_t enough(std::uint32_t invited) const;
  bool for_everybody() const { return quorum == 0 && backup == 0; }
};

/// What a member of a cohort is told when its round begins, 12 control bytes beside the model.
struct Invitation {
  std::uint64_t round = 0;
  std::uint32_t cohort = 0;  // how many take part
  float weight = 1;          // of this member's contribution
  Payload model;
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
    if (job && phase == Phase::gradient && measures()) cost = {};
    tell(Operation(phase, cost));
    return host_.network.compute<R>(host_.pool, std::move(job), charge(phase, cost));
  }

  /// Whether gradients are charged what they took on the host. That is told when they are done, by spend().
  bool measures() const { return host_.devices.profile().measured; }
  Compute<void> spend(Phase phase, double seconds) {
    const double here = seconds / host_.devices.speed_factor(node_);
    return work<void>(phase, Cost{.flops = 0, .bytes = 0, .seconds = here}, {});
  }

 protected:
  const Host host_;
  void tell(const Operation& operation) { host_.observer.operation(node_, operation); }
  /// How long this takes here; results see it.
  SimTime charge(Phase phase, const Cost& cost);

 private:
  NodeId node_;
  std::uint64_t round_ = 0;
  Stream jitter_;
};

/// One worker's end. Operations are counted: all members call the same ones in the same order.
class Exchange : public End {
 public:
  using End::End;
  virtual Rank rank() const = 0;
  /// What this worker may know of the link that its contributions take.
  virtual LinkEstimate link() const = 0;
  /// One node's bytes at all nodes; hub_rank is a legal origin where there is a hub. What was lost on the way up is
  /// missing at the origin too.
  virtual Task<Payload> share(Rank origin, Payload payload) = 0;
  /// Whether there is one who collects, folds and publishes.
  virtual bool has_hub() const { return false; }
  /// Whether workers fold partial results of an associative fold, so that nobody sees all contributions.
  virtual bool folds_on_the_way() const { return false; }
  /// Everybody's payloads folded into one.
  virtual Task<Reduced> reduce(Payload payload, Fold& fold) = 0;
  /// Whether the hub has closed this worker's next operation without it, and its answer is here.
  virtual bool overtaken() const { return false; }
  /// Takes that answer, and contributes nothing.
  virtual Task<Reduced> follow();
  /// Waits until the hub asks this worker to take part in a round. Only where there is a hub.
  virtual Task<Invitation> invitation();
};

/// The folding end of a star: reduce = collect, fold, publish.
class Hub : public End {
 public:
  using End::End;
  /// Asks these workers, in rising order, to take part in a round: they alone do in the operations that follow, until
  /// others are asked; at first everybody does. weights: by member.
  virtual void invite(std::span<const Rank> members, std::span<const float> weights, Payload model) = 0;
  /// The contributions in the order of ranks, once the Wait policy closes.
  virtual Task<std::vector<Part>> collect() = 0;
  /// How many contributions the latest collection has, deferred ones included.
  virtual std::uint32_t contributions() const = 0;
  /// Who contributed to it in time.
  virtual const std::vector<Rank>& punctual() const = 0;
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
