// The k-th magnitude by three histograms of 11, 10 and 10 bits, as on the CPU (threshold.h); then tiles of the vector
// count what they keep, offsets are summed up, and each tile writes its part in order.

#include "training/kernels/cuda_launch.h"
#include "training/kernels/elements.h"

namespace telegrad::training::kernels::device {
namespace {

constexpr unsigned kHighBins = 2048;
constexpr unsigned kLowBins = 1024;
constexpr unsigned kTile = 16 * kThreads;
constexpr unsigned kWarps = kThreads / 32;

struct State {
  std::uint32_t prefix;   // bits of the k-th magnitude so far
  std::uint32_t wanted;   // of those with these bits
  std::uint32_t highest;  // magnitude of all
};

struct Kept {
  std::uint32_t above, ties;
};

struct Workspace {
  State* state;
  std::uint32_t* bins;
  Kept* tiles;
};

__device__ void flush(const std::uint32_t* local, unsigned bins, std::uint32_t* into) {
  __syncthreads();
  for (unsigned bin = threadIdx.x; bin < bins; bin += blockDim.x) {
    if (local[bin] > 0) atomicAdd(into + bin, local[bin]);
  }
}

template <bool add>
__global__ void count_high(float* values, const float* gradient, std::size_t count, Workspace work) {
  __shared__ std::uint32_t local[kHighBins];
  for (unsigned bin = threadIdx.x; bin < kHighBins; bin += blockDim.x) local[bin] = 0;
  __syncthreads();
  std::uint32_t highest = 0;
  for (std::size_t i = first_item(); i < count; i += item_step()) {
    float value = values[i];
    if constexpr (add) values[i] = value += gradient[i];
    std::uint32_t bits = magnitude_bits(value);
    highest = bits > highest ? bits : highest;
    atomicAdd(local + (bits >> 20), 1U);
  }
  atomicMax(&work.state->highest, highest);
  flush(local, kHighBins, work.bins);
}

__global__ void count_low(const float* values, std::size_t count, unsigned shift, Workspace work) {
  __shared__ std::uint32_t local[kLowBins];
  for (unsigned bin = threadIdx.x; bin < kLowBins; bin += blockDim.x) local[bin] = 0;
  __syncthreads();
  std::uint32_t prefix = work.state->prefix;
  for (std::size_t i = first_item(); i < count; i += item_step()) {
    std::uint32_t bits = magnitude_bits(values[i]) >> shift;
    if (bits / kLowBins == prefix) atomicAdd(local + bits % kLowBins, 1U);
  }
  flush(local, kLowBins, work.bins);
}

/// One block: the bin of the k-th, from above. Leaves the bins empty for the next count.
__global__ void find_bin(unsigned bins, unsigned bits, Workspace work) {
  __shared__ std::uint32_t local[kHighBins];
  for (unsigned bin = threadIdx.x; bin < bins; bin += blockDim.x) {
    local[bin] = work.bins[bin];
    work.bins[bin] = 0;
  }
  __syncthreads();
  if (threadIdx.x > 0) return;
  State state = *work.state;
  unsigned bin = bins - 1;
  while (local[bin] < state.wanted) state.wanted -= local[bin--];
  state.prefix = (state.prefix << bits) | bin;
  *work.state = state;
}

__global__ void count_tiles(const float* values, std::size_t count, Workspace work) {
  std::uint32_t threshold = work.state->prefix;
  std::size_t first = std::size_t{blockIdx.x} * kTile;
  Kept kept{0, 0};
  for (std::size_t i = first + threadIdx.x; i < first + kTile; i += kThreads) {
    std::uint32_t bits = i < count ? magnitude_bits(values[i]) : 0;
    kept.above += static_cast<std::uint32_t>(__syncthreads_count(i < count && bits > threshold));
    kept.ties += static_cast<std::uint32_t>(__syncthreads_count(i < count && bits == threshold));
  }
  if (threadIdx.x == 0) work.tiles[blockIdx.x] = kept;
}

/// One block: what all tiles before each keep.
__global__ void sum_tiles(unsigned tiles, Workspace work) {
  __shared__ Kept sums[kThreads];
  unsigned share = (tiles + kThreads - 1) / kThreads;
  unsigned from = min(threadIdx.x * share, tiles), to = min(from + share, tiles);
  Kept sum{0, 0};
  for (unsigned tile = from; tile < to; ++tile) {
    sum.above += work.tiles[tile].above;
    sum.ties += work.tiles[tile].ties;
  }
  sums[threadIdx.x] = sum;
  __syncthreads();
  Kept before{0, 0};
  for (unsigned thread = 0; thread < threadIdx.x; ++thread) {
    before.above += sums[thread].above;
    before.ties += sums[thread].ties;
  }
  for (unsigned tile = from; tile < to; ++tile) {
    Kept own = work.tiles[tile];
    work.tiles[tile] = before;
    before.above += own.above;
    before.ties += own.ties;
  }
}

__global__ void write_tiles(const float* values, std::size_t count, Workspace work, std::uint32_t* chosen) {
  __shared__ Kept warps[kWarps];
  std::uint32_t threshold = work.state->prefix, wanted = work.state->wanted;
  std::size_t first = std::size_t{blockIdx.x} * kTile;
  Kept before = work.tiles[blockIdx.x];
  unsigned warp = threadIdx.x / 32;
  std::uint32_t lower_lanes = (1U << (threadIdx.x % 32)) - 1;
  for (std::size_t i = first + threadIdx.x; i < first + kTile; i += kThreads) {
    std::uint32_t bits = i < count ? magnitude_bits(values[i]) : 0;
    bool above = i < count && bits > threshold, tie = i < count && bits == threshold;
    std::uint32_t aboves = __ballot_sync(~0U, above), ties = __ballot_sync(~0U, tie);
    if (threadIdx.x % 32 == 0) {
      warps[warp] = {static_cast<std::uint32_t>(__popc(aboves)), static_cast<std::uint32_t>(__popc(ties))};
    }
    __syncthreads();
    Kept own = before;
    for (unsigned other = 0; other < kWarps; ++other) {
      if (other < warp) {
        own.above += warps[other].above;
        own.ties += warps[other].ties;
      }
      before.above += warps[other].above;
      before.ties += warps[other].ties;
    }
    own.above += static_cast<std::uint32_t>(__popc(aboves & lower_lanes));
    own.ties += static_cast<std::uint32_t>(__popc(ties & lower_lanes));
    if (above || (tie && own.ties < wanted)) {
      chosen[own.above + min(own.ties, wanted)] = static_cast<std::uint32_t>(i);
    }
    __syncthreads();
  }
}

unsigned tiles_of(std::size_t entries) { return static_cast<unsigned>((entries + kTile - 1) / kTile); }

template <bool add>
bool select(float* values, const float* gradient, std::size_t count, std::size_t k, const Memory& memory,
            std::uint32_t* chosen, Queue queue) {
  if (count == 0) return true;
  k = std::min(k, count);
  cudaStream_t stream = stream_of(queue);
  auto* state = memory.as<State>();
  auto* bins = reinterpret_cast<std::uint32_t*>(state + 1);
  Workspace work{state, bins, reinterpret_cast<Kept*>(bins + kHighBins)};
  // At least one is wanted, so that there is a bin to find; where k is 0 nothing is written.
  State start{0, static_cast<std::uint32_t>(std::max<std::size_t>(k, 1)), 0};
  check(cudaMemsetAsync(bins, 0, kHighBins * sizeof *bins, stream), "select");
  check(cudaMemcpyAsync(state, &start, sizeof start, cudaMemcpyHostToDevice, stream), "select");
  unsigned blocks = blocks_for(count / 16);
  count_high<add><<<blocks, kThreads, 0, stream>>>(values, gradient, count, work);
  find_bin<<<1, kThreads, 0, stream>>>(kHighBins, 0, work);
  count_low<<<blocks, kThreads, 0, stream>>>(values, count, 10, work);
  find_bin<<<1, kThreads, 0, stream>>>(kLowBins, 10, work);
  count_low<<<blocks, kThreads, 0, stream>>>(values, count, 0, work);
  find_bin<<<1, kThreads, 0, stream>>>(kLowBins, 10, work);
  if (k > 0) {
    count_tiles<<<tiles_of(count), kThreads, 0, stream>>>(values, count, work);
    sum_tiles<<<1, kThreads, 0, stream>>>(tiles_of(count), work);
    write_tiles<<<tiles_of(count), kThreads, 0, stream>>>(values, count, work, chosen);
  }
  check(cudaGetLastError(), "select");
  State found{};
  check(cudaMemcpyAsync(&found, state, sizeof found, cudaMemcpyDeviceToHost, stream), "select");
  synchronise(queue);
  return found.highest < kInfinityBits;
}

}  // namespace

Selector::Selector(std::size_t entries)
    : entries_(entries),
      memory_(sizeof(State) + kHighBins * sizeof(std::uint32_t) + tiles_of(entries) * sizeof(Kept)) {}

bool Selector::select_largest(const float* values, std::size_t count, std::size_t k, std::uint32_t* chosen,
                              Queue queue) {
  if (count > entries_) fail("select_largest", "more entries than there is memory for");
  // Nothing is added, so nothing is written.
  return select<false>(const_cast<float*>(values), nullptr, count, k, memory_, chosen, queue);
}

bool Selector::add_and_select(float* residual, const float* gradient, std::size_t count, std::size_t k,
                              std::uint32_t* chosen, Queue queue) {
  if (count > entries_) fail("add_and_select", "more entries than there is memory for");
  return select<true>(residual, gradient, count, k, memory_, chosen, queue);
}

}  // namespace telegrad::training::kernels::device
