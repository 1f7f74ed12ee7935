#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "sim/core/exchange.h"

namespace telegrad::exchanges {

/// A worker's end of an exchange without a hub: what ring and tree have in common. Workers fold themselves; what
/// they send each other to be folded goes up, results and what is shared go down.
///
/// Where the way up may lose blocks, every message on it is answered by an acknowledgement, control bytes on the way
/// down, that says which blocks arrived. The sender gets the others back in the same operation.
class Peer : public Exchange {
 public:
  Peer(const Host& host, Rank rank, std::uint32_t workers);

  Rank rank() const override { return rank_; }
  std::uint32_t ranks() const override { return workers_; }

 protected:
  /// A message up that was not acknowledged yet.
  struct Sent {
    Sent(Rank receiver, Tag mailbox, Payload what)
        : to(receiver), acknowledgement(mailbox), payload(std::move(what)) {}
    Rank to;
    Tag acknowledgement;  // the mailbox where it will lie
    Payload payload;
  };
  /// What one leg of a reduction came to at this node.
  struct Contributed {
    Payload result;
    std::vector<Sent> sent;
  };

  /// Operations are counted; members call the same ones in the same order.
  std::uint64_t next_operation() { return next_++; }
  std::uint32_t limit(Rank to, Leg leg) const { return network().limit(node(), node_of(to), leg); }
  Rank beside(std::uint32_t steps) const { return Rank{(rank_.value + steps) % workers_}; }
  static NodeId node_of(Rank rank) { return NodeId{rank.value}; }

  /// A part of the operation's step; `index` is one of its own at the receiver, `back` one of its own at the sender.
  void send_up(std::uint64_t operation, Rank to, std::uint32_t index, std::uint32_t back, Payload payload,
               std::vector<Sent>& sent);
  Task<Payload> take_up(std::uint64_t operation, Rank from, std::uint32_t index, std::uint32_t back);
  void send_down(std::uint64_t operation, Rank to, std::uint32_t index, Payload payload, const char* purpose);
  Task<Payload> take_down(std::uint64_t operation, Rank from, std::uint32_t index);
  /// Waits for all acknowledgements: the blocks that did not arrive, as one payload.
  Task<Payload> not_applied(std::vector<Sent> sent);

  /// A fold and its finish at this node, charged to it and told to whoever records.
  Task<Payload> fold_here(Fold& fold, std::vector<Part> parts, Cut cut);
  Task<Payload> finish_here(Fold& fold, Payload merged, Cut cut);
  /// The fold of a group of one worker.
  Task<Payload> fold_alone(Fold& fold, Payload mine, Cut cut);

 private:
  std::function<std::string()> waiting_for(const char* what, Rank from, std::uint64_t operation) const;

  Rank rank_;
  std::uint32_t workers_;
  bool acknowledged_;
  std::uint64_t next_ = 1;
};

/// The ends of all workers. links: those that messages will take.
template <class End>
class Peers final : public Group {
 public:
  Peers(const Host& host, std::uint32_t workers, const std::vector<std::pair<NodeId, NodeId>>& links) {
    for (std::uint32_t i = 0; i < workers; ++i) {
      ends_.push_back(std::make_unique<End>(host, Rank{i}, workers));
    }
    host.network.expect_links(links);
  }
  Exchange& at(Rank rank) override { return *ends_.at(rank.value); }

 private:
  std::vector<std::unique_ptr<End>> ends_;
};

}  // namespace telegrad::exchanges
