#pragma once

// The kernels for vectors that lie in a GPU's memory: the same bits as on the CPU. Seen by nvcc too, hence C++17.
// Builds without nvcc have stubs, for which available() is false. Failures of the GPU are RunErrors.

#include <cstddef>
#include <cstdint>

namespace telegrad::training::kernels::device {

using Queue = void*;  // a cudaStream_t; nullptr is the default stream

/// Whether the kernels were compiled and a GPU answers. Nothing else may be called otherwise.
bool available();

/// Returns when all that was queued has run.
void synchronise(Queue queue);

/// Memory of the GPU.
class Memory final {
 public:
  explicit Memory(std::size_t bytes);
  ~Memory();
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;

  template <class T>
  T* as() const {
    return static_cast<T*>(data_);
  }
  std::size_t bytes() const { return bytes_; }
  /// Both wait for the default stream.
  void upload(const void* from, std::size_t bytes);
  void download(void* into, std::size_t bytes) const;

 private:
  void* data_ = nullptr;
  std::size_t bytes_ = 0;
};

/// select_largest and add_and_select (select.h) of vectors of at most `entries` entries; the memory that they need.
/// They return when the queue has run dry: false where an entry is not finite. `chosen` has room for min(k, count).
class Selector final {
 public:
  explicit Selector(std::size_t entries);
  [[nodiscard]] bool select_largest(const float* values, std::size_t count, std::size_t k,
                                    std::uint32_t* chosen, Queue queue);
  [[nodiscard]] bool add_and_select(float* residual, const float* gradient, std::size_t count, std::size_t k,
                                    std::uint32_t* chosen, Queue queue);

 private:
  std::size_t entries_;
  Memory memory_;
};

/// residual += gradient
void add(float* residual, const float* gradient, std::size_t count, Queue queue);

/// As the functions of these names on the CPU (signs.h, ternary.h, quantise.h, natural.h); they only queue.
void pack_signs(const float* values, std::size_t count, std::uint8_t* into, Queue queue);
void pack_ternary(const float* values, const float* uniforms, float scale, std::size_t count,
                  std::uint8_t* into, Queue queue);
void pack_ternary_base3(const float* values, const float* uniforms, float scale, std::size_t count,
                        std::uint8_t* into, Queue queue);
void stochastic_quantise(const float* values, const float* uniforms, float norm, std::uint32_t levels,
                         unsigned width, std::size_t count, std::uint8_t* into, Queue queue);
void pack_natural(const float* values, const float* uniforms, std::size_t count, std::uint8_t* into,
                  Queue queue);

/// Throws RunError.
[[noreturn]] void fail(const char* call, const char* reason);

}  // namespace telegrad::training::kernels::device
