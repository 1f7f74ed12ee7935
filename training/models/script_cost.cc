#include <ATen/Context.h>
#include <ATen/record_function.h>

#include <algorithm>
#include <string_view>

#include "training/models/script.h"

namespace telegrad::training {
namespace {

thread_local double counted = 0;
thread_local bool within = false;  // an operator that counts: what it calls is its own

/// Of an operator that is running: how many products each element of its output is a sum of, and how many it does
/// whatever comes out.
struct Terms final : at::ObserverContext {
  Terms(double of_each, double in_all) : each(of_each), all(in_all) {}
  Terms(const Terms&) = delete;
  Terms& operator=(const Terms&) = delete;
  ~Terms() override { within = false; }
  double each;
  double all;
};

constexpr std::size_t kTransposed =
    6;  // argument of a convolution: input, weight, bias, stride, padding, dilation ...

bool is_convolution(std::string_view name) {
  return name == "aten::convolution" || name == "aten::_convolution";  // the latter in traces
}

double terms_of(std::string_view name, at::ArrayRef<const c10::IValue> inputs) {
  auto tensor = [inputs](std::size_t at) {
    return at < inputs.size() && inputs[at].isTensor() ? inputs[at].toTensor() : at::Tensor();
  };
  if (is_convolution(name)) {
    const at::Tensor weight =
        tensor(1);  // a filter for each output channel; of a transposed one for each of the input
    const bool filters = weight.defined() && weight.dim() > 1 && weight.size(0) > 0;
    return filters ? static_cast<double>(weight.numel() / weight.size(0)) : 0;
  }
  const bool added = name == "aten::addmm" || name == "aten::baddbmm";
  const bool plain = name == "aten::mm" || name == "aten::bmm";
  if (!added && !plain) return 0;
  const at::Tensor left = tensor(added ? 1 : 0);
  return left.defined() ? static_cast<double>(left.size(-1)) : 0;
}

/// Called by a script, an operator is shown all that lies on the interpreter's stack: what is its own comes last. Inputs
/// are gone when it ends, outputs come then.
std::unique_ptr<at::ObserverContext> begins(const at::RecordFunction& called) {
  if (within) return nullptr;
  const auto stack = called.inputs();
  const auto inputs = stack.slice(stack.size() - std::min(stack.size(), called.num_inputs()));
  const double terms = terms_of(called.name(), inputs);
  if (terms <= 0) return nullptr;
  within = true;
  const bool transposed = is_convolution(called.name()) && inputs.size() > kTransposed &&
                          inputs[kTransposed].isBool() && inputs[kTransposed].toBool();
  if (!transposed) return std::make_unique<Terms>(terms, 0);
  return std::make_unique<Terms>(0, terms * static_cast<double>(inputs[0].toTensor().numel()));
}

void ends(const at::RecordFunction& called, at::ObserverContext* context) {
  if (context == nullptr || called.outputs().empty() || !called.outputs().back().isTensor()) return;
  const auto* terms = static_cast<Terms*>(context);
  counted += terms->all + terms->each * static_cast<double>(called.outputs().back().toTensor().numel());
}

/// oneDNN does a whole LSTM as one operator.
class WithoutOneDnn final {
 public:
  WithoutOneDnn() { at::globalContext().setUserEnabledMkldnn(false); }
  ~WithoutOneDnn() { at::globalContext().setUserEnabledMkldnn(was_); }
  WithoutOneDnn(const WithoutOneDnn&) = delete;
  WithoutOneDnn& operator=(const WithoutOneDnn&) = delete;

 private:
  bool was_ = at::globalContext().userEnabledMkldnn();
};

}  // namespace

double counted_multiply_accumulates(const std::function<void()>& body) {
  counted = 0;
  const WithoutOneDnn as_parts;
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
