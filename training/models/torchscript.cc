#include <ATen/CPUGeneratorImpl.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/zeros.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/jit/serialization/import.h>

#include <mutex>
#include <optional>

#include "sim/core/errors.h"
#include "training/first_line.h"
#include "training/learning/gradient.h"
#include "training/models/model.h"
#include "training/models/script.h"

namespace telegrad::training {
namespace {

struct Settings {
  std::string file;
  bool images = false;  // inputs are [n, channels, height, width], not [n, features]
};

[[noreturn]] void refuse(const std::string& message, const std::string& remedy) {
  throw ScenarioError("", {{"/training/model/file", 0, 0, message, remedy}});
}

/// A script from a file. Each thread takes a copy of its own and gives it back, so that there are as many as threads.
class TorchScript final : public Model {
 public:
  TorchScript(Script script, Settings settings, const InputShape& shape)
      : settings_(std::move(settings)), shape_(shape) {
    for (const ScriptTensor& parameter : script.parameters()) add(layout_, parameter);
    for (const ScriptTensor& buffer : script.buffers()) add(buffers_, buffer);
    parameters_ = flat(script.parameters(), layout_.size());
    initial_ = flat(script.buffers(), buffers_.size());
    first_ = std::make_unique<Script>(std::move(script));
  }

  at::Tensor logits(const Pass& pass, const at::Tensor& inputs) const override {
    std::unique_ptr<Script> script = taken();
    at::Tensor result = run(*script, pass, inputs);
    script->put(script->parameters(), own_of(script->parameters()));  // so that none of the pass's stay alive
    script->put(script->buffers(), own_of(script->buffers()));
    std::lock_guard lock(mutex_);
    idle_.push_back(std::move(script));
    return result;
  }

  std::int64_t answers() const override { return answers_; }
  at::Tensor initial_parameters() const override { return parameters_; }
  at::Tensor initial_buffers() const override { return initial_; }

  /// Tries one sample, counts its answers, takes what it cost where nothing is said of that, and tries a gradient of two. Throws ScenarioError.
  void try_out(const Dataset& dataset, std::optional<double> flops_per_sample) {
    const at::Tensor buffers = initial_.defined() ? initial_.clone() : initial_;
    std::vector<at::Tensor> leaves = tensors_of(layout_, parameters_);
    const auto own = tensors_of(buffers_, buffers);
    {
      at::NoGradGuard no_gradients;
      at::Tensor result;
      multiply_accumulates_ = counted_multiply_accumulates(
          [&] { result = logits(Pass{.parameters = leaves, .buffers = own}, samples(1)); });
      check_shape(result, 1, dataset);
      answers_ = result.numel() / static_cast<std::int64_t>(dataset.classes);
    }
    if (flops_per_sample) multiply_accumulates_ = *flops_per_sample / 6;
    for (at::Tensor& leaf : leaves) leaf.requires_grad_();
    at::AutoGradMode recording(true);
    const Pass pass{.parameters = leaves, .buffers = own, .mode = Mode::training};
    const at::Tensor result = logits(pass, samples(2));
    check_shape(result, 2, dataset);
    check_gradient(result, leaves);
  }

 private:
  static void add(Layout& layout, const ScriptTensor& tensor) {
    layout.add(tensor.name, tensor.values.sizes().vec(), 0);
  }
  static std::vector<at::Tensor> own_of(const std::vector<ScriptTensor>& tensors) {
    std::vector<at::Tensor> own;
    for (const ScriptTensor& tensor : tensors) own.push_back(tensor.values);
    return own;
  }
  static at::Tensor flat(const std::vector<ScriptTensor>& tensors, std::int64_t size) {
    if (size == 0) return {};
    at::Tensor all = at::zeros({size}, at::kFloat);
    std::int64_t at = 0;
    for (const ScriptTensor& tensor : tensors) {
      all.narrow(0, at, tensor.values.numel()).copy_(tensor.values.detach().reshape({-1}));
      at += tensor.values.numel();
    }
    return all;
  }

  at::Tensor samples(std::int64_t count) const { return at::zeros({count, shape_.features()}, at::kFloat); }

  void check_shape(const at::Tensor& result, std::int64_t samples, const Dataset& dataset) const {
    std::vector<std::int64_t> expected{samples, dataset.classes};
    expected.insert(expected.end(), dataset.target_shape.begin(), dataset.target_shape.end());
    if (result.sizes() == expected) return;
    refuse("'" + settings_.file + "' answers a batch of " + std::to_string(samples) + " by " +
               text_of(result.sizes()) + ", expected " + text_of(expected) + " logits",
           "save a model for this dataset's classes, without a softmax");
  }

  /// Every parameter must have a part in the answers.
  void check_gradient(const at::Tensor& result, const std::vector<at::Tensor>& leaves) const {
    std::vector<at::Tensor> parts(leaves.size());
    try {
      if (result.requires_grad()) {
        parts = torch::autograd::grad({result.sum()}, leaves, {}, {}, false, /*allow_unused=*/true);
      }
    } catch (const c10::Error& error) {
      refuse("'" + settings_.file + "' has no gradient: " + first_line(error),
             "save a model that can be trained");
    }
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if (parts[i].defined()) continue;
      refuse("parameter '" + layout_.tensors()[i].name + "' of '" + settings_.file +
                 "' has no part in its answers",
             "save the model without it; where forward does use it, trace the model instead of scripting it");
    }
  }

  static std::string text_of(at::IntArrayRef sizes) {
    std::string text;
    for (std::int64_t length : sizes) text += (text.empty() ? "" : ", ") + std::to_string(length);
    return "[" + text + "]";
  }

  std::unique_ptr<Script> taken() const {
    std::lock_guard lock(mutex_);
    if (idle_.empty()) return std::make_unique<Script>(first_->copy());
    std::unique_ptr<Script> script = std::move(idle_.back());
    idle_.pop_back();
    return script;
  }

  at::Tensor run(Script& script, const Pass& pass, const at::Tensor& inputs) const {
    script.put(script.parameters(), pass.parameters);
    script.put(script.buffers(), pass.buffers);
    const at::Tensor x =
        settings_.images ? inputs.view({-1, shape_.channels, shape_.height, shape_.width}) : inputs;
    const bool training = pass.mode == Mode::training;
    try {
      if (!script.draws_random_numbers()) return script(x, training);
      // It draws from LibTorch's generator, which all threads share: one at a time, each from its own seed.
      static std::mutex of_the_process;
      std::lock_guard lock(of_the_process);
      Stream seeds(pass.dropout);
      at::Generator generator = at::detail::getDefaultCPUGenerator();
      generator.set_current_seed(seeds());
      return script(x, training);
    } catch (const std::exception& error) {
      throw RunError(Failure::bad_data, "the model '" + settings_.file + "' fails on a batch of " +
                                            std::to_string(inputs.size(0)) + ": " + first_line(error) +
                                            "; /training/model/input says what shape it is given");
    }
  }

  Settings settings_;
  InputShape shape_;
  at::Tensor parameters_;
  at::Tensor initial_;
  std::int64_t answers_ = 1;
  mutable std::mutex mutex_;
  std::unique_ptr<Script> first_;  // never run: copied
  mutable std::vector<std::unique_ptr<Script>> idle_;
};

std::unique_ptr<Model> make(const Value& resolved, const Dataset& dataset) {
  const Value* flops = resolved.find("flops_per_sample");
  Settings settings{.file = resolved["file"].text()};
  const InputShape& shape = dataset.shape;
  const bool images = shape.height > 1 || shape.width > 1 || shape.channels > 1;
  settings.images = resolved["input"].text() == "image" || (resolved["input"].text() == "auto" && images);
  const std::string remedy = "save one by torch.jit.script(model).save(FILE) or torch.jit.trace";
  std::optional<Script> script;
  try {
    script.emplace(torch::jit::load(settings.file, at::kCPU));
  } catch (const std::exception& error) {
    refuse("'" + settings.file + "' cannot be read as TorchScript: " + first_line(error), remedy);
  }
  if (script->parameters().empty())
    refuse("'" + settings.file + "' has no parameters to train", remedy + ", unfrozen");
  for (const ScriptTensor& parameter : script->parameters()) {
    if (parameter.values.scalar_type() == at::kFloat) continue;
    refuse("parameter '" + parameter.name + "' of '" + settings.file + "' is not float32",
           "save model.float()");
  }
  auto model = std::make_unique<TorchScript>(std::move(*script), settings, shape);
  try {
    model->try_out(dataset, flops ? std::optional(flops->number()) : std::nullopt);
  } catch (const RunError& error) {
    refuse(error.what(), "choose another /training/model/input, or a model for this dataset");
  }
  return model;
}

}  // namespace

Entry<MakeModel> torchscript_model() {
  return {
      {.name = "torchscript",
       .summary =
           "any model that Python's torch has scripted or traced, with the weights of its file; the file is "
           "a program that runs here: take it only from whom you trust",
       .source = "",
       .parameters =
           {text("file", "what torch.jit.save wrote; float32 on any device"),
            choice("input", {"auto", "image", "vector"},
                   "what forward gets: [n, channels, height, width] or [n, features]; auto: images "
                   "where the dataset has them")
                .otherwise("auto"),
            real("flops_per_sample",
                 "forward and backward, for the device model; without it 6 for each multiply-accumulate "
                 "that one forward pass is seen to do in convolutions and matrix products")
                .above(0)
                .optional()},
       .example = R"({"type": "torchscript", "file": "model.pt"})"},
      make};
}

}  // namespace telegrad::training
