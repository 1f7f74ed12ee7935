#pragma once

#include <cstdint>
#include <memory>

#include "sim/core/exchange.h"
#include "training/methods/shared_results.h"
#include "training/optimizers/optimizer.h"

namespace telegrad::training {

/// Whose replica all others are set to.
inline constexpr Rank kReference{0};

/// A replica as it travels, fp32: the parameters, then what its optimizer remembers, as Horovod's
/// broadcast_optimizer_state does (Sergeev, Del Balso 2018), then the mean of all parameters as sums of two floats.
Payload pack_replica(const Replica& replica, Cut cut);
/// What all make of it, the sender too. like: a replica that has come as far. Its identity is that of these bytes.
Replica unpack_replica(const Payload& payload, const Replica& like);

/// A worker's part: what all replicas are from now on. What a method keeps of its own (feedback, factors), what a worker
/// remembers of steps that it made alone, and statistics of batches stay as they are.
Task<std::shared_ptr<const Replica>> resync(std::shared_ptr<const Replica> own,
                                            SharedResults<Replica>& lineage, Exchange& exchange);
/// The hub's part: it passes the replica on.
Task<> serve_resync(Hub& hub);

/// Bytes of a replica that this optimizer has moved, in blocks of 64 KiB. first: parameters.
std::uint64_t replica_bytes(const Optimizer& optimizer, const at::Tensor& first, bool averaged);

}  // namespace telegrad::training
