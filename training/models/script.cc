#include "training/models/script.h"

#include <torch/csrc/jit/passes/inliner.h>
#include <torch/csrc/jit/runtime/graph_executor.h>

#include <algorithm>
#include <map>
#include <optional>

#include "sim/core/errors.h"

namespace telegrad::training {
namespace {

/// Of lstm, gru and attention: whether they leave out some of their values; the marks of LibTorch know nothing of the
/// share, or nothing at all.
std::optional<bool> leaves_out(const torch::jit::Node* node) {
  const c10::FunctionSchema* schema = node->maybeSchema();
  if (schema == nullptr) return {};
  for (std::size_t i = 0; i < std::min(schema->arguments().size(), node->inputs().size()); ++i) {
    const std::string& name = schema->arguments()[i].name();
    if (name != "dropout" && name != "dropout_p") continue;
    const auto share = torch::jit::toIValue(node->inputs()[i]);
    return !share || !share->isDouble() || share->toDouble() != 0;
  }
  return {};
}

bool has_random_node(const torch::jit::Block* block) {
  for (const torch::jit::Node* node : block->nodes()) {
    const std::optional<bool> known = leaves_out(node);
    if (known ? *known : node->isNondeterministic()) return true;
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
  if (added) list.push_back({name, values, {}, {}});
  list[place->second].owners.push_back(std::move(owner));
}

/// Where a list of a module's holds a tensor that has a place, it is one more place for it.
void add_lists(std::vector<ScriptTensor>& list, const std::map<const void*, std::size_t>& known,
               const torch::jit::Module& module) {
  for (const auto& attribute : module.named_attributes(false)) {
    if (!attribute.value.isTensorList()) continue;
    const c10::List<at::Tensor> tensors = attribute.value.toTensorList();
    for (std::size_t i = 0; i < tensors.size(); ++i) {
      const at::Tensor tensor = tensors.get(i);
      const auto place = known.find(tensor.unsafeGetTensorImpl());
      if (place != known.end()) list[place->second].listed.emplace_back(tensors, i);
    }
  }
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
  for (const auto& part : module_.named_modules()) {
    add_lists(parameters_, known_parameters, part.value);
    add_lists(buffers_, known_buffers, part.value);
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
    for (const auto& [list, at] : places[i].listed) list.set(at, tensors[i]);
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
