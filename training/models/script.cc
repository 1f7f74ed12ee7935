#include "training/models/script.h"

#include <torch/csrc/jit/passes/inliner.h>
#include <torch/csrc/jit/runtime/graph_executor.h>

#include <map>

#include "sim/core/errors.h"

namespace telegrad::training {
namespace {

bool has_random_node(const torch::jit::Block* block) {
  for (const torch::jit::Node* node : block->nodes()) {
    if (node->isNondeterministic()) return true;
    for (const torch::jit::Block* inner : node->blocks()) {
      if (has_random_node(inner)) return true;
    }
  }
  return false;
}

/// Puts a tensor into a list, or a further name of one that is there.
void add(std::vector<ScriptTensor>& list, std::map<const void*, std::size_t>& known, const std::string& name,
         const at::Tensor& values, std::pair<torch::jit::Module, std::string> owner) {
  auto [place, added] = known.try_emplace(values.unsafeGetTensorImpl(), list.size());
  if (added) list.push_back({name, values, {}});
  list[place->second].owners.push_back(std::move(owner));
}

}  // namespace

Script::Script(torch::jit::Module module) : module_(std::move(module)) {
  std::map<const void*, std::size_t> known_parameters;
  std::map<const void*, std::size_t> known_buffers;
  for (const auto& part : module_.named_modules()) {
    const std::string prefix = part.name.empty() ? "" : part.name + ".";
    for (const auto& parameter : part.value.named_parameters(false)) {
      add(parameters_, known_parameters, prefix + parameter.name, parameter.value,
          {part.value, parameter.name});
    }
    for (const auto& buffer : part.value.named_buffers(false)) {
      if (buffer.value.scalar_type() == at::kFloat) {
        add(buffers_, known_buffers, prefix + buffer.name, buffer.value, {part.value, buffer.name});
      } else {
        counters_.emplace_back(buffer.value, buffer.value.clone());
      }
    }
  }
  auto graph = module_.get_method("forward").graph()->copy();
  torch::jit::Inline(*graph);
  random_ = has_random_node(graph->block());
}

void Script::put(const std::vector<ScriptTensor>& places, std::span<const at::Tensor> tensors) const {
  expect(places.size() == tensors.size(), "a tensor for each place of the script");
  for (std::size_t i = 0; i < places.size(); ++i) {
    for (const auto& [owner, name] : places[i].owners) {
      torch::jit::Module part = owner;
      part.setattr(name, tensors[i]);
    }
  }
}

at::Tensor Script::operator()(const at::Tensor& input, bool training) {
  // The optimiser rewrites graphs by what earlier calls were like: results would depend on which copy ran how often.
  torch::jit::GraphOptimizerEnabledGuard as_written(false);
  for (const auto& [counter, start] : counters_) counter.copy_(start);
  if (module_.is_training() != training) module_.train(training);
  return module_.forward({input}).toTensor();
}

}  // namespace telegrad::training
