#include "training/models/layers.h"

#include <ATen/ops/adaptive_avg_pool2d.h>
#include <ATen/ops/add.h>
#include <ATen/ops/avg_pool2d.h>
#include <ATen/ops/batch_norm.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/clamp.h>
#include <ATen/ops/conv2d.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/max_pool2d.h>
#include <ATen/ops/relu.h>
#include <ATen/ops/upsample_bilinear2d.h>

#include <cmath>

#include "sim/core/errors.h"
#include "training/models/dropout_mask.h"

namespace telegrad::training {
namespace {

constexpr double kEpsilon = 1e-5;
constexpr double kMomentum = 0.1;

std::int64_t after(std::int64_t length, std::int64_t kernel, std::int64_t stride, std::int64_t padding) {
  return (length + 2 * padding - kernel) / stride + 1;
}

/// A layer of one value in each channel has no variance over a single sample.
void refuse_lone_values(const at::Tensor& x) {
  if (x.numel() > x.size(1)) return;
  throw RunError(Failure::bad_data,
                 "batch normalisation in training needs more than one value in each channel; set "
                 "/training/batch_size_per_worker to 2 or more, or take larger images");
}

std::size_t added(Layout& layout, const std::string& name, std::vector<std::int64_t> shape,
                  const Initial& initial) {
  layout.add(name, std::move(shape), initial);
  return layout.tensors().size() - 1;
}

}  // namespace

Layers& Layers::convolution(const std::string& name, std::int64_t outputs, const Convolution& how) {
  const std::int64_t inputs = extent_.channels / how.groups;
  const std::int64_t area = how.kernel * how.kernel;
  const double bound = 1 / std::sqrt(static_cast<double>(inputs * area));
  const bool normal = how.start == Start::normal_by_outputs;
  const double deviation = std::sqrt(2 / static_cast<double>(outputs * area / how.groups));
  const Initial initial{.bound = normal ? 0 : bound, .deviation = normal ? deviation : 0};
  const std::size_t weight =
      added(ledger_->parameters, name + ".weight", {outputs, inputs, how.kernel, how.kernel}, initial);
  const bool biased = how.bias == Bias::added;
  if (biased) ledger_->parameters.add(name + ".bias", {outputs}, normal ? 0 : bound);
  const std::int64_t reach = how.dilation * (how.kernel - 1) + 1;
  extent_ = {outputs, after(extent_.height, reach, how.stride, how.padding),
             after(extent_.width, reach, how.stride, how.padding)};
  ledger_->multiply_accumulates += static_cast<double>(extent_.size() * inputs * area);
  steps_.emplace_back([=](const Pass& pass, const at::Tensor& x) {
    return at::conv2d(x, pass.parameters[weight], biased ? pass.parameters[weight + 1] : at::Tensor(),
                      how.stride, how.padding, how.dilation, how.groups);
  });
  return *this;
}

Layers& Layers::batch_norm(const std::string& name) {
  const std::int64_t channels = extent_.channels;
  const std::size_t weight = added(ledger_->parameters, name + ".weight", {channels}, {.mean = 1});
  ledger_->parameters.add(name + ".bias", {channels}, 0);
  const std::size_t mean = added(ledger_->buffers, name + ".running_mean", {channels}, {});
  ledger_->buffers.add(name + ".running_var", {channels}, Initial{.mean = 1});
  steps_.emplace_back([=](const Pass& pass, const at::Tensor& x) {
    const bool training = pass.mode == Mode::training;
    if (training) refuse_lone_values(x);
    return at::batch_norm(x, pass.parameters[weight], pass.parameters[weight + 1], pass.buffers[mean],
                          pass.buffers[mean + 1], training, kMomentum, kEpsilon, false);
  });
  return *this;
}

Layers& Layers::linear(const std::string& name, std::int64_t outputs, Bias bias, double deviation) {
  const std::int64_t inputs = extent_.channels;
  const double bound = deviation > 0 ? 0 : 1 / std::sqrt(static_cast<double>(inputs));
  const Initial initial{.bound = bound, .deviation = deviation};
  const std::size_t weight = added(ledger_->parameters, name + ".weight", {outputs, inputs}, initial);
  const bool biased = bias == Bias::added;
  if (biased) ledger_->parameters.add(name + ".bias", {outputs}, bound);
  extent_ = {outputs};
  ledger_->multiply_accumulates += static_cast<double>(outputs * inputs);
  steps_.emplace_back([=](const Pass& pass, const at::Tensor& x) {
    return at::linear(x, pass.parameters[weight], biased ? pass.parameters[weight + 1] : at::Tensor());
  });
  return *this;
}

Layers& Layers::dropout(double probability, bool channels) {
  const std::uint32_t number = ledger_->dropouts++;
  steps_.emplace_back([=](const Pass& pass, const at::Tensor& x) {
    if (pass.mode == Mode::evaluation || probability == 0) return x;
    StreamKey key = pass.dropout;
    key.tensor = number;
    return channels ? x.mul(dropout_mask({x.size(0), x.size(1), 1, 1}, probability, key).to(x.options()))
                    : x.mul(dropout_mask(x.sizes(), probability, key).to(x.options()));
  });
  return *this;
}

Layers& Layers::dropout(double probability) { return dropout(probability, false); }

Layers& Layers::dropout_channels(double probability) { return dropout(probability, true); }

Layers& Layers::relu() {
  return apply([](const at::Tensor& x) { return at::relu(x); }, extent_);
}

Layers& Layers::relu6() {
  return apply([](const at::Tensor& x) { return at::clamp(x, 0, 6); }, extent_);
}

Layers& Layers::max_pool(const Pooling& how) {
  const Extent output{extent_.channels, after(extent_.height, how.kernel, how.stride, how.padding),
                      after(extent_.width, how.kernel, how.stride, how.padding)};
  return apply([how](const at::Tensor& x) { return at::max_pool2d(x, how.kernel, how.stride, how.padding); },
               output);
}

Layers& Layers::mean_pool(const Pooling& how) {
  const Extent output{extent_.channels, after(extent_.height, how.kernel, how.stride, how.padding),
                      after(extent_.width, how.kernel, how.stride, how.padding)};
  return apply([how](const at::Tensor& x) { return at::avg_pool2d(x, how.kernel, how.stride, how.padding); },
               output);
}

Layers& Layers::mean_pool_to(std::int64_t height, std::int64_t width) {
  return apply(
      [=](const at::Tensor& x) {
        return at::adaptive_avg_pool2d(x, {height, width});
      },
      {extent_.channels, height, width});
}

Layers& Layers::flatten() {
  return apply([](const at::Tensor& x) { return x.flatten(1); }, {extent_.size()});
}

Layers& Layers::resize(std::int64_t height, std::int64_t width) {
  return apply(
      [=](const at::Tensor& x) {
        return at::upsample_bilinear2d(x, {height, width}, true);
      },
      {extent_.channels, height, width});
}

Layers& Layers::add(Layers body, Layers shortcut) {
  const Extent& a = body.extent();
  const Extent& b = shortcut.extent();
  expect(a.channels == b.channels && a.height == b.height && a.width == b.width, "branches of one shape");
  extent_ = a;
  steps_.emplace_back(
      [body = std::move(body), shortcut = std::move(shortcut)](const Pass& pass, const at::Tensor& x) {
        return body(pass, x).add(shortcut(pass, x));
      });
  return *this;
}

Layers& Layers::follow(Layers body) {
  extent_ = body.extent();
  steps_.emplace_back(
      [body = std::move(body)](const Pass& pass, const at::Tensor& x) { return body(pass, x); });
  return *this;
}

Layers& Layers::join(std::vector<Layers> branches) {
  for (const Layers& branch : branches) {
    expect(branch.extent().height == extent_.height && branch.extent().width == extent_.width,
           "branches of one height and width");
    extent_.channels += branch.extent().channels;
  }
  steps_.emplace_back([branches = std::move(branches)](const Pass& pass, const at::Tensor& x) {
    std::vector<at::Tensor> all{x};
    for (const Layers& branch : branches) all.push_back(branch(pass, x));
    return at::cat(all, 1);
  });
  return *this;
}

Layers& Layers::learn_beside(Layers head, double weight) {
  steps_.emplace_back([head = std::move(head), weight](const Pass& pass, const at::Tensor& x) {
    if (pass.auxiliary != nullptr) pass.auxiliary->push_back({head(pass, x), weight});
    return x;
  });
  return *this;
}

Layers& Layers::apply(std::function<at::Tensor(const at::Tensor&)> function, const Extent& output) {
  extent_ = output;
  steps_.emplace_back(
      [function = std::move(function)](const Pass&, const at::Tensor& x) { return function(x); });
  return *this;
}

at::Tensor Layers::operator()(const Pass& pass, at::Tensor x) const {
  for (const Step& step : steps_) x = step(pass, x);
  return x;
}

}  // namespace telegrad::training
