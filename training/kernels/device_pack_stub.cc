// Stands in for device_pack.cu in builds without nvcc.

#include "sim/core/errors.h"
#include "training/kernels/device.h"

namespace telegrad::training::kernels::device {
namespace {

void never() { expect(false, "kernels for GPUs are called only where available() says so"); }

}  // namespace

bool available() { return false; }
void synchronise(Queue) { never(); }

Memory::Memory(std::size_t bytes) : bytes_(bytes) { never(); }
Memory::~Memory() { data_ = nullptr; }
void Memory::upload(const void*, std::size_t) { never(); }
void Memory::download(void*, std::size_t) const { never(); }

void add(float*, const float*, std::size_t, Queue) { never(); }
void pack_signs(const float*, std::size_t, std::uint8_t*, Queue) { never(); }
void pack_ternary(const float*, const float*, float, std::size_t, std::uint8_t*, Queue) { never(); }
void pack_ternary_base3(const float*, const float*, float, std::size_t, std::uint8_t*, Queue) { never(); }
void stochastic_quantise(const float*, const float*, float, std::uint32_t, unsigned, std::size_t,
                         std::uint8_t*, Queue) {
  never();
}
void pack_natural(const float*, const float*, std::size_t, std::uint8_t*, Queue) { never(); }

}  // namespace telegrad::training::kernels::device
