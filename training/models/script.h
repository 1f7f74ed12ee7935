#pragma once

#include <ATen/core/Tensor.h>
#include <torch/csrc/jit/api/module.h>

#include <functional>
#include <span>
#include <string>
#include <vector>

namespace telegrad::training {

/// A tensor of a script that can be put elsewhere: the same one may have several names.
struct ScriptTensor {
  std::string name;  // the first one, "layer1.0.weight"
  at::Tensor values;
  std::vector<std::pair<torch::jit::Module, std::string>> owners;
  std::vector<std::pair<c10::List<at::Tensor>, std::size_t>>
      listed;  // also in lists: those of nn.LSTM and nn.GRU
};

/// A TorchScript module and the tensors that training changes. One thread uses it at a time.
class Script {
 public:
  explicit Script(torch::jit::Module module);

  /// float32 parameters and buffers. Other buffers are counters and tables, which stay what they are.
  const std::vector<ScriptTensor>& parameters() const { return parameters_; }
  const std::vector<ScriptTensor>& buffers() const { return buffers_; }

  /// Uses these in place of its own, in the same order.
  void put(const std::vector<ScriptTensor>& places, std::span<const at::Tensor> tensors) const;
  /// What forward gives. Throws c10::Error and what else scripts throw.
  at::Tensor operator()(const at::Tensor& input, bool training);
  /// A copy that shares no tensors.
  Script copy() const { return Script(module_.deepcopy()); }
  bool draws_random_numbers() const { return random_; }

 private:
  torch::jit::Module module_;
  std::vector<ScriptTensor> parameters_;
  std::vector<ScriptTensor> buffers_;
  std::vector<std::pair<at::Tensor, at::Tensor>> counters_;  // and what they are at the start
  bool random_ = false;
};

/// Multiply-accumulates in convolutions and matrix products while `body` runs on this thread. Other threads compute
/// without oneDNN meanwhile.
double counted_multiply_accumulates(const std::function<void()>& body);

}  // namespace telegrad::training
