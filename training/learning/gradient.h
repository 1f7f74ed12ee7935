#pragma once

#include <ATen/core/Tensor.h>

#include <optional>
#include <span>

#include "training/datasets/dataset.h"
#include "training/learning/host_device.h"
#include "training/models/model.h"

namespace telegrad::training {

struct Gradient {
  at::Tensor values;   // [d] float32
  double loss = 0;     // mean over the batch, with the model's penalty and auxiliary losses
  at::Tensor buffers;  // [b] float32, what the model's buffers became; undefined where it has none
  double seconds = 0;  // that the forward and the backward pass took; differs from run to run
};

/// What a worker holds beside its replica.
struct LocalState {
  at::Tensor buffers = {};  // [b] float32, not changed; undefined: as they start
  StreamKey dropout = {};   // what masks are drawn from
  std::optional<StreamKey> changes =
      {};  // what random changes of samples are drawn from; left out: as they are
};

/// Gradient of the mean cross entropy over the chosen samples, with that of the model's penalty. Shares nothing with
/// other threads. Targets that do not count are left out. `changes` draws the batch's random changes.
/// parameters: [d] float32, not changed. All tensors are the host's, whatever the device. Throws RunError where a GPU
/// fails.
Gradient gradient(const Model& model, const at::Tensor& parameters, const Samples& samples,
                  std::span<const std::uint32_t> chosen, const InputShape& shape,
                  const LocalState& state = {}, const HostDevice& device = HostDevice::processor());

struct Quality {
  double accuracy = 0;  // share of the targets that count
  double loss = 0;
  double mean_iou = 0;  // of several targets a sample: see MeanIou
};

/// Accuracy and mean cross entropy over the chosen samples, in batches; the loss holds the model's penalty.
/// buffers: [b] float32; undefined: as they start.
Quality evaluate(const Model& model, const at::Tensor& parameters, const Samples& samples,
                 std::span<const std::uint32_t> chosen, const InputShape& shape,
                 const at::Tensor& buffers = {}, const HostDevice& device = HostDevice::processor());

/// The model's buffers as they start, [b] float32; undefined where it has none.
at::Tensor initial_buffers(const Model& model);

/// The first coordinate that is NaN or infinite, or -1.
std::int64_t first_not_finite(std::span<const float> values);

/// Euclidean norm, summed in double.
double norm(std::span<const float> values);

/// Makes LibTorch use this thread alone; results then do not depend on the machine.
void use_one_thread();

/// The tensors of a flat vector, sharing its memory.
std::vector<at::Tensor> tensors_of(const Layout& layout, const at::Tensor& flat);

}  // namespace telegrad::training
