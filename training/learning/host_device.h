#pragma once

#include <ATen/core/Tensor.h>
#include <c10/core/Event.h>
#include <c10/core/Stream.h>
#include <c10/core/StreamGuard.h>
#include <c10/util/Exception.h>

#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace telegrad::training {

/// What matrix products and convolutions are computed in. bf16: by LibTorch's autocast; parameters, losses, statistics
/// and the gradient stay float32. (Micikevicius et al. 2018, with the format of Kalamkar et al. 2019)
enum class Precision { fp32, bf16 };

/// Where gradients are computed: the processor, or a GPU that all simulated workers share.
class HostDevice final {
 public:
  struct Settings {
    std::string name = "cpu";  // auto, cpu, cuda, cuda:i
    Precision precision = Precision::fp32;
    bool deterministic = true;  // of a GPU's kernels only those that give the same bits every time
    bool alone = false;         // one computation at a time on a GPU, to be timed
  };

  HostDevice() : HostDevice(Settings{}) {}
  /// Throws ScenarioError at /host/device where this machine or this build has no such device.
  explicit HostDevice(const Settings& settings);

  const at::Device& place() const { return place_; }
  bool is_gpu() const { return !place_.is_cpu(); }
  std::string name() const { return place_.str(); }  // cpu, cuda:0
  Precision precision() const { return settings_.precision; }

  /// The processor, in float32.
  static const HostDevice& processor();

 private:
  friend class Computation;
  Settings settings_;
  at::Device place_;
  mutable std::mutex alone_;
  mutable std::mutex lanes_mutex_;
  mutable std::vector<c10::Stream> lanes_;  // streams that nobody uses now
};

/// One gradient or evaluation on a device, by the calling thread. On a GPU it has a stream to itself while it lives:
/// as many streams, and no more of the GPU's memory, as computations run at once. Not to be moved between threads.
class Computation final {
 public:
  explicit Computation(const HostDevice& device);
  ~Computation();
  Computation(const Computation&) = delete;
  Computation& operator=(const Computation&) = delete;

  /// Space on the host for what will be copied there.
  at::Tensor staging(at::IntArrayRef sizes, at::ScalarType type) const;
  /// The tensor on the device; itself where that is the processor or it is undefined.
  at::Tensor there(const at::Tensor& host) const;
  /// The tensor on the host, when all that was asked for before has been done.
  at::Tensor back(const at::Tensor& device) const;

  /// Seconds between the two: of the GPU, by its own events, or of this thread's processor time.
  void begin();
  double end();

 private:
  const HostDevice& device_;
  std::unique_lock<std::mutex> alone_;
  std::optional<c10::StreamGuard> lane_;
  std::optional<c10::Event> began_;
  double processor_began_ = 0;
};

/// While it lives, this thread computes forward passes in the device's precision.
class InPrecision final {
 public:
  explicit InPrecision(const HostDevice& device);
  ~InPrecision();
  InPrecision(const InPrecision&) = delete;
  InPrecision& operator=(const InPrecision&) = delete;

 private:
  std::optional<at::DeviceType> type_;
};

/// Says what failures of a GPU mean: memory, kernels that are not deterministic. Throws RunError; on the processor what
/// is being handled.
[[noreturn]] void rethrow(const HostDevice& device, const c10::Error& error);

}  // namespace telegrad::training
