#include <ATen/ops/linalg_svd.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <cmath>

#include "training/methods/dense_sum.h"
#include "training/methods/factor_mean.h"
#include "training/methods/method.h"
#include "training/methods/options.h"
#include "training/methods/parts.h"
#include "training/methods/probabilities.h"
#include "training/methods/randomness.h"
#include "training/methods/shared_results.h"
#include "training/span.h"

namespace telegrad::training {
namespace {

/// Kernels as (inputs x outputs / 2) x (2 x their area), vectors as two columns, small tensors as one row.
codecs::Matrix matrix_of(const TensorPlace& tensor, std::int64_t whole_below) {
  std::int64_t columns = 2;
  if (tensor.shape.size() == 2) columns = tensor.shape[1];
  if (tensor.shape.size() > 2) columns = 2 * tensor.size / (tensor.shape[0] * tensor.shape[1]);
  if (tensor.size < whole_below) columns = tensor.size;
  columns = std::min(columns, tensor.size);
  return {static_cast<std::uint32_t>(tensor.offset), static_cast<std::uint32_t>(tensor.size),
          static_cast<std::uint32_t>((tensor.size + columns - 1) / columns),
          static_cast<std::uint32_t>(columns)};
}

/// Keeps each term sigma u v^T of a matrix's singular value decomposition with the probability p that water filling
/// gives it under a budget, as (sigma / p) u v^T: of all unbiased ways to send so many terms the one of least variance.
class AtomoSvd final : public Collective {
 public:
  AtomoSvd(const Value& resolved, const NodeContext& context)
      : budget_(static_cast<double>(resolved["rank"].integer())), value_(value_codec(resolved)),
        context_(context) {
    for (const TensorPlace& tensor : context.layout.tensors()) {
      if (tensor.size == 0) continue;
      matrices_.push_back(matrix_of(tensor, resolved["whole_below"].integer()));
    }
  }

  std::vector<Shape> shapes() const override { return {Shape::local}; }
  Task<Update> average(at::Tensor gradient, Step step, Exchange& exchange) override;
  Task<> serve(Step step, Hub& hub) override;
  MessageSizes sizes() const override;
  std::span<const float> residual(std::uint32_t) const override { return {}; }

 private:
  class Averaging;

  std::size_t size() const { return static_cast<std::size_t>(context_.layout.size()); }
  Payload encode(const at::Tensor& gradient, const Step& step, std::uint32_t rank, Cut cut) const;
  codecs::Terms draw(std::span<const float> gradient, std::uint32_t number, const Step& step,
                     const NodeContext& node) const;
  Payload mean(std::span<const Part> parts, Cut cut) const;
  Payload mean_once(std::span<const Part> parts, Cut cut);
  Cost decomposing() const;
  Cost adding(std::span<const Part> parts) const;

  double budget_;
  codecs::ValueCodec value_;
  NodeContext context_;
  std::vector<codecs::Matrix> matrices_;
  SharedResults<Payload> means_;
  SharedResults<at::Tensor> decoded_;
};

class AtomoSvd::Averaging final : public Fold {
 public:
  explicit Averaging(AtomoSvd& method) : method_(method) {}
  Shape shape() const override { return Shape::local; }
  Payload fold(std::span<const Part> parts, Cut cut) override { return method_.mean_once(parts, cut); }
  Cost cost(std::span<const Part> parts, Cut) const override { return method_.adding(parts); }

 private:
  AtomoSvd& method_;
};

codecs::Terms AtomoSvd::draw(std::span<const float> gradient, std::uint32_t number, const Step& step,
                             const NodeContext& node) const {
  const codecs::Matrix& place = matrices_[number];
  at::Tensor matrix = at::zeros({place.rows, place.columns}, at::kFloat);
  std::copy_n(&gradient[place.first], place.size, matrix.mutable_data_ptr<float>());
  const auto [u, s, v] = at::linalg_svd(matrix, /*full_matrices=*/false);
  const at::Tensor left = u.t().contiguous();  // a row for each term
  const at::Tensor right = v.contiguous();
  const auto count = static_cast<std::size_t>(s.numel());
  const std::vector<double> sigma(s.const_data_ptr<float>(), s.const_data_ptr<float>() + count);
  const auto p = water_filling(sigma, budget_);
  std::vector<float> uniforms(count);
  fill_uniform(uniforms, node, step, number);
  codecs::Terms terms;
  for (std::size_t i = 0; i < count; ++i) {
    if (!(uniforms[i] < p[i])) continue;
    const auto scaled = static_cast<float>(sigma[i] / p[i]);
    if (!std::isfinite(scaled)) refuse_not_finite(place.first, node, step);
    terms.sigma.push_back(scaled);
    const float* row = left.const_data_ptr<float>() + i * place.rows;
    terms.left.insert(terms.left.end(), row, row + place.rows);
    const float* column = right.const_data_ptr<float>() + i * place.columns;
    terms.right.insert(terms.right.end(), column, column + place.columns);
  }
  return terms;
}

Payload AtomoSvd::encode(const at::Tensor& gradient, const Step& step, std::uint32_t rank, Cut cut) const {
  NodeContext node = context_;
  node.rank = rank;
  const std::span<const float> values = span_of(gradient);
  require_finite(values, node, step);
  std::vector<codecs::Terms> terms;
  for (std::uint32_t i = 0; i < matrices_.size(); ++i) terms.push_back(draw(values, i, step, node));
  return pack_factors({.method = context_.method, .worker = rank}, matrices_, terms, value_, cut);
}

Payload AtomoSvd::mean(std::span<const Part> parts, Cut cut) const {
  FactorMean all(matrices_, size());
  for (const Part& part : parts) all.add(part.payload);
  const auto values = std::move(all).mean();
  return pack_vector({.flags = codecs::kFolded | codecs::kMean}, values, cut);
}

/// Where everybody folds everybody's, one does it for all.
Payload AtomoSvd::mean_once(std::span<const Part> parts, Cut cut) {
  return *means_.get(identity_of(parts), [&] { return mean(parts, cut); });
}

/// By Golub and Reinsch's count: 14 n m^2 + 8 m^3 for n x m, m the shorter side.
Cost AtomoSvd::decomposing() const {
  double flops = 0;
  for (const codecs::Matrix& matrix : matrices_) {
    const double n = std::max(matrix.rows, matrix.columns);
    const double m = std::min(matrix.rows, matrix.columns);
    flops += 14 * n * m * m + 8 * m * m * m;
  }
  return {.flops = flops, .bytes = 4 * static_cast<double>(size())};
}

/// Each term of each worker reads and writes the sum.
Cost AtomoSvd::adding(std::span<const Part> parts) const {
  const double terms = budget_ * static_cast<double>(parts.size());
  return {.flops = 0, .bytes = bytes_of(parts) + (4 + 8 * terms) * static_cast<double>(size())};
}

Task<Update> AtomoSvd::average(at::Tensor gradient, Step step, Exchange& exchange) {
  const std::uint32_t rank = exchange.rank().value;
  const Cut cut = exchange.cut(Shape::local);
  std::function<Payload()> begin = [this, gradient, step, rank, cut] {
    return encode(gradient, step, rank, cut);
  };
  const Cost encoding = decomposing();
  auto payload = co_await exchange.work<Payload>(Phase::encode, encoding, std::move(begin));
  gradient.reset();

  Averaging fold(*this);
  auto reduced = co_await exchange.reduce(std::move(payload), fold);

  std::function<Update()> end = [this, reduced] {
    const std::uint64_t identity = reduced.merged.identity();
    auto values = decoded_.get(identity, [&] {
      at::Tensor mean = at::zeros({context_.layout.size()}, at::kFloat);
      add_vector(reduced.merged, 1.0F, mutable_span_of(mean));
      return mean;
    });
    return Update{*values, identity};
  };
  const Cost decoding{.flops = 0, .bytes = 2 * static_cast<double>(reduced.merged.bytes())};
  auto update = co_await exchange.work<Update>(Phase::decode, decoding, std::move(end));
  co_return update;
}

Task<> AtomoSvd::serve(Step, Hub& hub) {
  auto parts = co_await hub.collect();
  const Cut cut = hub.cut(Shape::local);
  const Cost cost = adding(parts);
  std::function<Payload()> fold = [this, parts, cut] { return mean(parts, cut); };
  auto merged = co_await hub.work<Payload>(Phase::fold, cost, std::move(fold));
  hub.publish(std::move(merged));
}

MessageSizes AtomoSvd::sizes() const {
  at::Tensor gradient = at::zeros({context_.layout.size()}, at::kFloat);
  Stream stream = shared_stream(context_, 0, 0);
  for (float& value : mutable_span_of(gradient)) value = static_cast<float>(stream.uniform() - 0.5);
  const Payload up = encode(gradient, Step{.round = 1}, 0, Cut{});
  const Payload down = pack_vector({}, std::vector<float>(size()), Cut{});
  return {up.bytes(), up.information_bits(), down.bytes(), down.information_bits()};
}

}  // namespace

Entry<Maker> atomo_svd_method() {
  return {
      {.name = "atomo_svd",
       .summary =
           "terms of each matrix's singular value decomposition at random, scaled up without bias; the mean "
           "returns whole",
       .source = "Wang, Sievert, Liu, Charles, Papailiopoulos, Wright 2018, with singular vectors as atoms",
       .parameters =
           {integer("rank", "the expected number of terms of each matrix").in(1, 65535).otherwise(2),
            choice("value", {"fp32", "fp16", "bf16"}, "how factors travel").otherwise("fp32"),
            integer("whole_below", "tensors of fewer coordinates are sent whole").at_least(0).otherwise(0)},
       .example = R"({"type": "atomo_svd", "rank": 2})",
       .formula = "32 (n + m + 1) bits for each of the drawn terms of an n x m matrix; 32 d down",
       .traits = {"unbiased", "random"}},
      {.compressor = nullptr,
       .method = [](const Value& resolved, const NodeContext& context) -> std::unique_ptr<Collective> {
         return std::make_unique<AtomoSvd>(resolved, context);
       }}};
}

}  // namespace telegrad::training
