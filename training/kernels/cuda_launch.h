#pragma once

// For .cu files alone.

#include <cuda_runtime.h>

#include <algorithm>

#include "training/kernels/device.h"

namespace telegrad::training::kernels::device {

constexpr unsigned kThreads = 256;

inline void check(cudaError_t error, const char* call) {
  if (error != cudaSuccess) fail(call, cudaGetErrorString(error));
}

/// Blocks for one thread per item, or for loops over more items than that.
inline unsigned blocks_for(std::size_t items) {
  return static_cast<unsigned>(std::clamp<std::size_t>((items + kThreads - 1) / kThreads, 1, 4096));
}

inline cudaStream_t stream_of(Queue queue) { return static_cast<cudaStream_t>(queue); }

/// This thread's first item and the step to its next one.
__device__ inline std::size_t first_item() { return std::size_t{blockIdx.x} * blockDim.x + threadIdx.x; }
__device__ inline std::size_t item_step() { return std::size_t{gridDim.x} * blockDim.x; }

}  // namespace telegrad::training::kernels::device
