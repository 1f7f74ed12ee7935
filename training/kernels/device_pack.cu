#include "training/kernels/cuda_launch.h"
#include "training/kernels/elements.h"

namespace telegrad::training::kernels::device {
namespace {

struct Sign {
  const float* values;
  __device__ std::uint32_t operator()(std::size_t i) const { return sign_code(values[i]); }
};

struct Ternary {
  const float* values;
  const float* uniforms;
  float scale;
  __device__ std::uint32_t operator()(std::size_t i) const {
    return ternary_code(values[i], uniforms[i], scale);
  }
};

struct Quantised {
  const float* values;
  const float* uniforms;
  float norm;
  std::int32_t levels;
  __device__ std::uint32_t operator()(std::size_t i) const {
    return quantised_code(values[i], uniforms[i], norm, levels);
  }
};

struct Natural {
  const float* values;
  const float* uniforms;
  __device__ std::uint32_t operator()(std::size_t i) const { return natural_code(values[i], uniforms[i]); }
};

/// A thread packs eight codes, which fill `width` bytes.
template <class Code>
__global__ void pack(Code code, std::size_t count, unsigned width, std::uint8_t* into) {
  for (std::size_t group = first_item(); 8 * group < count; group += item_step()) {
    std::uint8_t* to = into + group * width;
    std::uint32_t held = 0;
    unsigned bits = 0;
    for (std::size_t i = 8 * group; i < 8 * group + 8 && i < count; ++i) {
      held |= code(i) << bits;
      for (bits += width; bits >= 8; bits -= 8, held >>= 8) *to++ = static_cast<std::uint8_t>(held);
    }
    if (bits > 0) *to = static_cast<std::uint8_t>(held);
  }
}

template <class Code>
__global__ void pack_base3(Code code, std::size_t count, std::uint8_t* into) {
  for (std::size_t byte = first_item(); 5 * byte < count; byte += item_step()) {
    std::uint32_t sum = 0;
    std::uint32_t weight = 1;
    for (std::size_t i = 5 * byte; i < 5 * byte + 5 && i < count; ++i, weight *= 3) sum += weight * code(i);
    into[byte] = static_cast<std::uint8_t>(sum);
  }
}

__global__ void add_kernel(float* residual, const float* gradient, std::size_t count) {
  for (std::size_t i = first_item(); i < count; i += item_step()) residual[i] += gradient[i];
}

template <class Code>
void launch_pack(Code code, std::size_t count, unsigned width, std::uint8_t* into, Queue queue) {
  if (count == 0) return;
  pack<<<blocks_for((count + 7) / 8), kThreads, 0, stream_of(queue)>>>(code, count, width, into);
  check(cudaGetLastError(), "pack");
}

}  // namespace

bool available() {
  int devices = 0;
  bool any = cudaGetDeviceCount(&devices) == cudaSuccess && devices > 0;
  static_cast<void>(cudaGetLastError());  // what is absent is no error of the next call
  return any;
}

void synchronise(Queue queue) { check(cudaStreamSynchronize(stream_of(queue)), "synchronise"); }

Memory::Memory(std::size_t bytes) : bytes_(bytes) {
  check(cudaMalloc(&data_, std::max<std::size_t>(bytes, 1)), "allocate");
}
Memory::~Memory() { cudaFree(data_); }
void Memory::upload(const void* from, std::size_t bytes) {
  check(cudaMemcpy(data_, from, bytes, cudaMemcpyHostToDevice), "upload");
}
void Memory::download(void* into, std::size_t bytes) const {
  check(cudaMemcpy(into, data_, bytes, cudaMemcpyDeviceToHost), "download");
}

void add(float* residual, const float* gradient, std::size_t count, Queue queue) {
  if (count == 0) return;
  add_kernel<<<blocks_for(count), kThreads, 0, stream_of(queue)>>>(residual, gradient, count);
  check(cudaGetLastError(), "add");
}

void pack_signs(const float* values, std::size_t count, std::uint8_t* into, Queue queue) {
  launch_pack(Sign{values}, count, 1, into, queue);
}

void pack_ternary(const float* values, const float* uniforms, float scale, std::size_t count,
                  std::uint8_t* into, Queue queue) {
  launch_pack(Ternary{values, uniforms, scale}, count, 2, into, queue);
}

void pack_ternary_base3(const float* values, const float* uniforms, float scale, std::size_t count,
                        std::uint8_t* into, Queue queue) {
  if (count == 0) return;
  pack_base3<<<blocks_for((count + 4) / 5), kThreads, 0, stream_of(queue)>>>(Ternary{values, uniforms, scale},
                                                                             count, into);
  check(cudaGetLastError(), "pack_ternary_base3");
}

void stochastic_quantise(const float* values, const float* uniforms, float norm, std::uint32_t levels,
                         unsigned width, std::size_t count, std::uint8_t* into, Queue queue) {
  launch_pack(Quantised{values, uniforms, norm, static_cast<std::int32_t>(levels)}, count, width, into,
              queue);
}

void pack_natural(const float* values, const float* uniforms, std::size_t count, std::uint8_t* into,
                  Queue queue) {
  launch_pack(Natural{values, uniforms}, count, 9, into, queue);
}

}  // namespace telegrad::training::kernels::device
