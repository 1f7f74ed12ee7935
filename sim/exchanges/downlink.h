#pragma once

#include <deque>
#include <vector>

#include "sim/core/exchange.h"

namespace telegrad::exchanges {

/// What a star does about blocks that its way down has lost. repair: the worker asks for them, and the hub sends them to
/// it alone, on a leg that loses nothing; all replicas stay alike. diverge: nothing; each worker applies what it has got.
enum class Replicas : std::uint8_t { repair, diverge };

// The legs of a repair. Requests are served as they come, so they share one mailbox.
inline constexpr std::uint32_t kAsk = 5 | kAnyOperation;
inline constexpr std::uint32_t kMend = 6;

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

  void send(const Payload& payload, std::vector<Letter> letters, Label label);
  /// This worker has all of its operations before that one.
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
  const bool repairs_;
  std::vector<std::deque<Kept>> kept_;  // by rank, oldest first
};

/// A worker's end of the way down.
class Listener final {
 public:
  Listener(Network& network, NodeId worker, NodeId hub, Replicas policy);

  /// Its own letter out of what it heard; with repair, what was lost of it is asked for and waited for.
  Task<Delivery> understood(Delivery heard, std::uint64_t round);

 private:
  Network& network_;
  const NodeId worker_;
  const NodeId hub_;
  const bool broadcasts_;
  const bool repairs_;
};

/// Control bytes of a broadcast, little endian: u16 number of letters, then for each u16 rank, u32 operation, u16 length
/// and its bytes.
Block encode(const std::vector<Letter>& letters);
/// The letter to this worker; nullopt for bytes that hold none.
std::optional<Block> own_letter(const Block& control, Rank worker);

}  // namespace telegrad::exchanges
