// A stand-in for a GPU, for machines without one: LibTorch takes it for CUDA. Its memory is the host's, its kernels are the
// processor's, its events tell the host's clock. What computes on two devices at once, or on the wrong one, fails as it
// would on a GPU. Linked into a program of its own, with LibTorch's processor libraries alone.

#include <ATen/ATen.h>
#include <ATen/EmptyTensor.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <ATen/native/CPUFallback.h>
#include <ATen/ops/_reshape_alias_native.h>
#include <ATen/ops/as_strided_native.h>
#include <ATen/ops/resize_native.h>
#include <ATen/ops/view_native.h>
#include <c10/core/impl/DeviceGuardImplInterface.h>
#include <gtest/gtest.h>
#include <torch/library.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <stdexcept>

#include "sim/core/errors.h"
#include "training/learning/found_device.h"
#include "training/learning/host_device.h"

namespace telegrad::testing_support {
namespace {

using c10::DeviceType;
using Clock = std::chrono::steady_clock;

std::atomic<int> streams = 0;
thread_local c10::StreamId current = 0;

using Event = std::pair<Clock::time_point, c10::EventFlag>;

/// Memory of the device is the host's, under another name.
struct Memory final : c10::Allocator {
  c10::DataPtr allocate(std::size_t bytes) override {
    void* data = bytes == 0 ? nullptr : std::malloc(bytes);
    return {data, data, &std::free, c10::Device(DeviceType::CUDA, 0)};
  }
  c10::DeleterFnPtr raw_deleter() const override { return &std::free; }
  void copy_data(void* into, const void* from, std::size_t bytes) const override {
    std::memcpy(into, from, bytes);
  }
};

Memory memory;

struct Guard final : c10::impl::DeviceGuardImplInterface {
  DeviceType type() const override { return DeviceType::CUDA; }
  c10::Device exchangeDevice(c10::Device) const override { return getDevice(); }
  c10::Device getDevice() const override { return {DeviceType::CUDA, 0}; }
  void setDevice(c10::Device) const override {}
  void uncheckedSetDevice(c10::Device) const noexcept override {}
  c10::Stream getStream(c10::Device device) const override {
    return c10::Stream(c10::Stream::UNSAFE, device, current);
  }
  c10::Stream getStreamFromGlobalPool(c10::Device device, bool) const override {
    return c10::Stream(c10::Stream::UNSAFE, device, ++streams);
  }
  c10::Stream exchangeStream(c10::Stream stream) const override {
    const c10::StreamId before = std::exchange(current, stream.id());
    return c10::Stream(c10::Stream::UNSAFE, stream.device(), before);
  }
  void record(void** event, const c10::Stream&, c10::DeviceIndex, c10::EventFlag flag) const override {
    if (*event == nullptr) *event = new Event;
    *static_cast<Event*>(*event) = {Clock::now(), flag};
  }
  void destroyEvent(void* event, c10::DeviceIndex) const noexcept override {
    delete static_cast<Event*>(event);
  }
  void block(void*, const c10::Stream&) const override {}
  bool queryEvent(void*) const override { return true; }
  void synchronizeEvent(void*) const override {}
  void synchronizeStream(const c10::Stream&) const override {}
  double elapsedTime(void* from, void* to, c10::DeviceIndex) const override {
    const auto& [began, one] = *static_cast<Event*>(from);
    const auto& [ended, other] = *static_cast<Event*>(to);
    const bool timed = one == c10::EventFlag::BACKEND_DEFAULT && other == one;
    if (!timed) throw std::logic_error("these events have no timer");
    const auto between = ended - began;
    return std::chrono::duration<double, std::milli>(between).count();
  }
  c10::DeviceIndex deviceCount() const noexcept override { return 1; }
};

C10_REGISTER_GUARD_IMPL(CUDA, Guard)

at::Tensor empty(at::SymIntArrayRef size, std::optional<at::ScalarType> type, std::optional<at::Layout>,
                 std::optional<at::Device>, std::optional<bool>, std::optional<at::MemoryFormat> format) {
  const auto sizes = C10_AS_INTARRAYREF_SLOW(size);
  return at::detail::empty_generic(sizes, &memory, c10::DispatchKeySet(c10::DispatchKey::CUDA),
                                   type.value_or(at::kFloat), format);
}

at::Tensor empty_strided(at::SymIntArrayRef size, at::SymIntArrayRef stride,
                         std::optional<at::ScalarType> type, std::optional<at::Layout>,
                         std::optional<at::Device>, std::optional<bool>) {
  return at::detail::empty_strided_generic(C10_AS_INTARRAYREF_SLOW(size), C10_AS_INTARRAYREF_SLOW(stride),
                                           &memory, c10::DispatchKeySet(c10::DispatchKey::CUDA),
                                           type.value_or(at::kFloat));
}

/// The processor's view of the same memory.
at::Tensor bare(const at::Tensor& tensor) {
  if (tensor.is_cpu()) return tensor;
  return at::from_blob(tensor.data_ptr(), tensor.sizes(), tensor.strides(),
                       at::TensorOptions(tensor.scalar_type()));
}

at::Tensor& copy(at::Tensor& self, const at::Tensor& from, bool) {
  bare(self).copy_(bare(from));
  return self;
}

at::Tensor copy_and_resize(const at::Tensor& from, const at::Tensor& into) {
  if (into.sizes() != from.sizes()) into.resize_(from.sizes());
  at::Tensor whole = bare(into);
  whole.copy_(bare(from));
  return into;
}

at::Scalar item(const at::Tensor& self) { return bare(self).item(); }

/// It changes its running statistics, and its schema does not say so.
std::tuple<at::Tensor, at::Tensor, at::Tensor> batch_norm(const at::Tensor& input,
                                                          const std::optional<at::Tensor>& weight,
                                                          const std::optional<at::Tensor>& bias,
                                                          const std::optional<at::Tensor>& mean,
                                                          const std::optional<at::Tensor>& variance,
                                                          bool training, double momentum, double eps) {
  const auto maybe = [](const std::optional<at::Tensor>& tensor) {
    return tensor && tensor->defined() ? std::optional(bare(*tensor)) : std::nullopt;
  };
  const auto [out, batch_mean, batch_deviation] = at::native_batch_norm(
      bare(input), maybe(weight), maybe(bias), maybe(mean), maybe(variance), training, momentum, eps);
  return {out.to(at::kCUDA), batch_mean.to(at::kCUDA), batch_deviation.to(at::kCUDA)};
}

void on_the_processor(const c10::OperatorHandle& op, torch::jit::Stack* stack) {
  at::native::cpu_fallback(op, stack);
}

TORCH_LIBRARY_IMPL(aten, CUDA, m) {
  m.impl("empty.memory_format", &empty);
  m.impl("empty_strided", &empty_strided);
  m.impl("copy_", &copy);
  m.impl("_copy_from_and_resize", &copy_and_resize);
  m.impl("resize_", &at::native::resize_);
  m.impl("_local_scalar_dense", &item);
  m.impl("native_batch_norm", &batch_norm);
  m.impl("as_strided", &at::native::as_strided_tensorimpl);
  m.impl("view", &at::native::view);
  m.impl("_reshape_alias", &at::native::_reshape_alias);
}

TORCH_LIBRARY_IMPL(aten, CPU, m) { m.impl("_copy_from_and_resize", &copy_and_resize); }

TORCH_LIBRARY_IMPL(_, CUDA, m) { m.fallback(torch::CppFunction::makeFromBoxedFunction<&on_the_processor>()); }

/// What LibTorch asks of CUDA; it looks for a class of this name.
struct CUDAHooks final : at::CUDAHooksInterface {
  explicit CUDAHooks(at::CUDAHooksArgs) {}
  void init() const override {}
  bool hasCUDA() const override { return true; }
  bool isBuilt() const override { return true; }
  bool isAvailable() const override { return true; }
  bool hasPrimaryContext(c10::DeviceIndex) const override { return true; }
  at::Allocator* getPinnedMemoryAllocator() const override { return at::getCPUAllocator(); }
  bool isPinnedPtr(const void*) const override { return false; }
};

/// Keys of cells ask for it while a run may have chosen kernels that are not deterministic.
TEST(StandIn, IsFoundWithoutChangingWhatWasChosen) {
  const training::HostDevice device({.name = "cuda", .deterministic = false});
  EXPECT_EQ(training::found_device("auto"), device.place());
  EXPECT_FALSE(at::globalContext().deterministicAlgorithms());
}

TEST(StandIn, IsWhatIsFound) {
  EXPECT_EQ(training::HostDevice({.name = "auto"}).name(), "cuda:0");
  EXPECT_THROW(training::HostDevice({.name = "cuda:1"}), ScenarioError);
  const at::Tensor there = at::ones({2}, at::kCUDA);
  EXPECT_THROW((void)there.add(at::ones({2})), c10::Error) << "of two devices";
}

}  // namespace
}  // namespace telegrad::testing_support

namespace at {
using telegrad::testing_support::CUDAHooks;
REGISTER_CUDA_HOOKS(CUDAHooks);
}  // namespace at
