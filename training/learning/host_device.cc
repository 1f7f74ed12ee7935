#include "training/learning/host_device.h"

#include <ATen/Context.h>
#include <ATen/autocast_mode.h>
#include <ATen/ops/empty.h>
#include <c10/core/impl/VirtualGuardImpl.h>

#include <cstdlib>
#include <ctime>

#include "sim/core/errors.h"
#include "training/first_line.h"
#include "training/learning/found_device.h"

namespace telegrad::training {
namespace {

/// float32 means float32, and the same bits every time where that is asked for.
void settle(bool deterministic) {
  at::Context& context = at::globalContext();
  context.setAllowTF32CuBLAS(false);
  context.setAllowTF32CuDNN(false);
  context.setBenchmarkCuDNN(false);
  context.setDeterministicCuDNN(deterministic);
  context.setDeterministicAlgorithms(deterministic, false);
  context.setDeterministicFillUninitializedMemory(false);
  // cuBLAS reads it when it starts: a workspace of its own for each stream.
  if (deterministic) ::setenv("CUBLAS_WORKSPACE_CONFIG", ":4096:8", 0);
}

double processor_seconds() {
  std::timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/// With a timer, which LibTorch calls the backend's default.
c10::Event event_of(const at::Device& place) { return {place.type(), c10::EventFlag::BACKEND_DEFAULT}; }

}  // namespace

HostDevice::HostDevice(const Settings& settings) : settings_(settings), place_(found_device(settings.name)) {
  if (is_gpu()) settle(settings.deterministic);
}

const HostDevice& HostDevice::processor() {
  static const HostDevice device;
  return device;
}

Computation::Computation(const HostDevice& device) : device_(device) {
  if (!device.is_gpu()) return;
  if (device.settings_.alone) alone_ = std::unique_lock(device.alone_);
  const std::lock_guard lock(device.lanes_mutex_);
  if (device.lanes_.empty()) {
    const c10::impl::VirtualGuardImpl gpu(device.place().type());
    device.lanes_.push_back(gpu.getStreamFromGlobalPool(device.place()));
  }
  lane_.emplace(device.lanes_.back());
  device.lanes_.pop_back();
}

Computation::~Computation() {
  if (!lane_) return;
  const std::lock_guard lock(device_.lanes_mutex_);
  device_.lanes_.push_back(lane_->current_stream());
}

at::Tensor Computation::staging(at::IntArrayRef sizes, at::ScalarType type) const {
  return at::empty(sizes, at::TensorOptions(type).pinned_memory(device_.is_gpu()));
}

at::Tensor Computation::there(const at::Tensor& host) const {
  return host.defined() ? host.to(device_.place(), /*non_blocking=*/true) : host;
}

at::Tensor Computation::back(const at::Tensor& device) const {
  return device.defined() ? device.to(at::kCPU) : device;
}

void Computation::begin() {
  processor_began_ = processor_seconds();
  if (!lane_) return;
  began_.emplace(event_of(device_.place()));
  began_->record(lane_->current_stream());
}

double Computation::end() {
  if (!lane_) return processor_seconds() - processor_began_;
  c10::Event ended = event_of(device_.place());
  ended.record(lane_->current_stream());
  ended.synchronize();
  return began_->elapsedTime(ended) * 1e-3;  // it counts milliseconds
}

InPrecision::InPrecision(const HostDevice& device) {
  if (device.precision() == Precision::fp32) return;
  type_ = device.place().type();
  at::autocast::set_autocast_dtype(*type_, at::kBFloat16);
  at::autocast::set_autocast_cache_enabled(
      false);  // no weight is used twice; the cache is of the whole process
  at::autocast::set_autocast_enabled(*type_, true);
}

InPrecision::~InPrecision() {
  if (type_) at::autocast::set_autocast_enabled(*type_, false);
}

void rethrow(const HostDevice& device, const c10::Error& error) {
  if (!device.is_gpu()) throw;
  const std::string what = first_line(error);
  if (dynamic_cast<const c10::OutOfMemoryError*>(&error) != nullptr) {
    throw RunError(Failure::bad_data, device.name() +
                                          " has too little memory: lower host.threads (so many "
                                          "gradients are computed at once) or batch_size_per_worker; " +
                                          what);
  }
  if (what.find("deterministic") != std::string::npos) {
    throw RunError(Failure::bad_data,
                   "on " + device.name() +
                       " this model needs a kernel that may give other bits every time: set "
                       "host.deterministic to false, or host.device to cpu; " +
                       what);
  }
  throw RunError(Failure::internal, device.name() + " failed: " + what);
}

}  // namespace telegrad::training
