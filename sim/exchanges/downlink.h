#pragma once

#include <deque>
#include <vector>

#include "sim/core/exchange.h"

namespace telegrad::exchanges {

/// What a star does about blocks that its way down has lost. repair: the worker asks for them, and the hub sends them to
/// it alone, on a leg that loses nothing; all replicas stay alike. diverge: nothing; each worker applies what it has got.
/// resync: the same of results, but what one node shares with all arrives whole, up and down, so that it can set replicas
/// that went apart alike.
enum class Replicas : std::uint8_t { repair, diverge, resync };

/// What goes down to all: a result, or what one node shares.
enum class Word : std::uint8_t { result, shared };

/// Whether what is lost of it is sent again.
constexpr bool mends(Replicas policy, Word word) {
  return policy == Replicas::repair || (policy == Replicas::resync && word == Word::shared);
}

// The legs of a repair. Requests are served as they come, so they share one mailbox.
inline constexpr std::uint32_t kAsk = 5 | kAnyOperation;
inline constexpr std::uint32_t kMend = 6;
// A worker that only listens says so often that it has understood, so that the hub need not keep all it ever sent.
inline constexpr std::uint32_t kAcknowledgeEvery = 32;

/// The hub's words for one worker, beside a payload that is the same for all.
struct Letter {
  Letter(Rank receiver, std::uint64_t of, Block what)
      : to(receiver), operation(of), control(std::move(what)) {}
  Rank to;
  std::uint64_t operation;
  Block control;
};

/// A hub's way to its workers. Where the network broadcasts, one message for all: its control bytes are then those of all
/// letters, one behind the other, and every worker reads its own. Else a message to each. What may be lost is kept until
/// its receiver has it, and sent again on request.
class Downlink final {
 public:
  /// Spawns the service of repair where the way down may lose. Must outlive the network's actors.
  Downlink(Network& network, NodeId hub, std::uint32_t workers, Replicas policy);

  void send(Word word, const Payload& payload, std::vector<Letter> letters, Label label);
  /// This worker has understood all of its operations before that one: they are forgotten.
  void settled(Rank worker, std::uint64_t before);

 private:
  struct Kept {
    std::uint64_t operation;
    Payload payload;
    Block control;
    Label label;
  };

  void keep(const Payload& payload, const Letter& letter, Label label);
  Task<> serve();
  void mend(const Delivery& request);

  Network& network_;
  const NodeId hub_;
  const bool broadcasts_;
  const bool loses_;
  const Replicas policy_;
  std::vector<std::deque<Kept>> kept_;  // by rank, oldest first
};

/// A worker's end of the way down.
class Listener final {
 public:
  Listener(Network& network, NodeId worker, NodeId hub, Replicas policy);

  /// Its own letter out of what it heard; what was lost of it and is mended is asked for and waited for.
  Task<Delivery> understood(Word word, Delivery heard, std::uint64_t round);
  /// This worker has sent the hub a contribution, which says that it has understood all before.
  void contributed() { silent_ = 0; }

 private:
  Network& network_;
  const NodeId worker_;
  const NodeId hub_;
  const bool broadcasts_;
  const bool loses_;
  const Replicas policy_;
  std::uint32_t silent_ = 0;  // operations understood since the hub last heard of this worker
};

/// Control bytes of a broadcast, little endian: u16 number of letters, then for each u16 rank, u32 operation, length
/// (u16; from 65,535 on 0xFFFF and u32) and its bytes.
Block encode(const std::vector<Letter>& letters);
/// The letter to this worker; nullopt for bytes that hold none.
std::optional<Block> own_letter(const Block& control, Rank worker);

}  // namespace telegrad::exchanges
