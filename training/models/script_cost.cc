#include <ATen/record_function.h>

#include <string_view>

#include "training/models/script.h"

namespace telegrad::training {
namespace {

thread_local double counted = 0;

/// Of an operator that is running: how many products each of its outputs is a sum of.
struct Terms final : at::ObserverContext {
  explicit Terms(double count) : each(count) {}
  double each;
};

double terms_of(std::string_view name, at::ArrayRef<const c10::IValue> inputs) {
  auto tensor = [inputs](std::size_t at) {
    return at < inputs.size() && inputs[at].isTensor() ? inputs[at].toTensor() : at::Tensor();
  };
  if (name == "aten::convolution") {
    const at::Tensor weight = tensor(1);  // a filter for each output channel
    const bool filters = weight.defined() && weight.dim() > 1 && weight.size(0) > 0;
    return filters ? static_cast<double>(weight.numel() / weight.size(0)) : 0;
  }
  const bool added = name == "aten::addmm" || name == "aten::baddbmm";
  const bool plain = name == "aten::mm" || name == "aten::bmm";
  if (!added && !plain) return 0;
  const at::Tensor left = tensor(added ? 1 : 0);
  return left.defined() ? static_cast<double>(left.size(-1)) : 0;
}

/// Inputs are gone when an operator ends, outputs come then.
std::unique_ptr<at::ObserverContext> begins(const at::RecordFunction& called) {
  const double terms = terms_of(called.name(), called.inputs());
  return terms > 0 ? std::make_unique<Terms>(terms) : nullptr;
}

void ends(const at::RecordFunction& called, at::ObserverContext* context) {
  if (context == nullptr || called.outputs().empty() || !called.outputs()[0].isTensor()) return;
  counted += static_cast<Terms*>(context)->each * static_cast<double>(called.outputs()[0].toTensor().numel());
}

}  // namespace

double counted_multiply_accumulates(const std::function<void()>& body) {
  counted = 0;
  at::RecordFunctionCallback callback(begins, ends);
  callback.needsInputs(true).needsOutputs(true).scopes({at::RecordScope::FUNCTION});
  const at::CallbackHandle handle = at::addThreadLocalCallback(callback);
  try {
    body();
  } catch (...) {
    at::removeCallback(handle);
    throw;
  }
  at::removeCallback(handle);
  return counted;
}

}  // namespace telegrad::training
