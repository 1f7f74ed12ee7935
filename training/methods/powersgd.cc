#include "training/methods/powersgd.h"

#include <ATen/ops/zeros.h>

#include <algorithm>
#include <cmath>

#include "training/methods/dense_sum.h"
#include "training/methods/options.h"
#include "training/methods/randomness.h"
#include "training/span.h"

namespace telegrad::training {
namespace {

PowerSgd::Error error_of(const Value& resolved) {
  if (!resolved["error_feedback"].boolean()) return PowerSgd::Error::none;
  return resolved["error"].text() == "local" ? PowerSgd::Error::local : PowerSgd::Error::averaged;
}

}  // namespace

PowerSgd::PowerSgd(const Value& resolved, const NodeContext& context)
    : plan_(context.layout, static_cast<std::uint32_t>(resolved["rank"].integer()),
            static_cast<std::size_t>(resolved["whole_below"].integer())),
      context_(context), warm_start_(resolved["warm_start"].boolean()), error_(error_of(resolved)),
      workers_(context.workers) {
  for (Worker& worker : workers_) worker.memory.resize(static_cast<std::size_t>(context.layout.size()));
  begin_with(next(Factors(plan_.right_size), 0));
}

void PowerSgd::begin_with(std::vector<float> right) {
  auto shared = std::make_shared<const Factors>(std::move(right));
  for (Worker& worker : workers_) worker.right = shared;
}

std::span<const float> PowerSgd::residual(std::uint32_t rank) const {
  if (error_ == Error::none) return {};
  return workers_.at(rank).memory;
}

void PowerSgd::draw(const LowRankMatrix& m, std::uint32_t component, std::uint64_t round,
                    Factors& right) const {
  Stream stream = shared_stream(context_, round, static_cast<std::uint32_t>(m.right + component));
  for (std::uint32_t i = 0; i < m.columns; ++i) {
    right[m.right + std::size_t{component} * m.columns + i] = static_cast<float>(stream.normal());
  }
}

/// Where a round begins whose forerunner ended with these. Only what a column spans matters, so it is normalised and
/// never grows or fades; one that spans nothing would never come back and is drawn anew.
PowerSgd::Factors PowerSgd::next(Factors right, std::uint64_t round) const {
  for (const LowRankMatrix& m : plan_.matrices) {
    for (std::uint32_t c = 0; c < m.rank; ++c) {
      const std::span<float> column(&right[m.right + std::size_t{c} * m.columns], m.columns);
      double squares = 0;
      for (float value : column) squares += static_cast<double>(value) * value;
      if (!warm_start_ || !(squares > 0) || !std::isfinite(squares)) {
        draw(m, c, round, right);
      } else {
        for (float& value : column) value = static_cast<float>(value / std::sqrt(squares));
      }
    }
  }
  return right;
}

/// Bytes of one product of all matrices with their factors: each component reads the matrix.
double PowerSgd::traffic() const {
  double bytes = 4.0 * (plan_.left_size + plan_.right_size);
  for (const LowRankMatrix& m : plan_.matrices) bytes += 4.0 * static_cast<double>(m.size()) * m.rank;
  return bytes;
}

Payload PowerSgd::remember(Payload payload, Shared left, Worker& worker) const {
  if (error_ != Error::none) worker.lefts.add(payload, std::move(left));
  return payload;
}

Payload PowerSgd::send_left(const at::Tensor& gradient, const Step& step, std::uint32_t rank, Cut cut) {
  Worker& worker = workers_[rank];
  const std::span<const float> g = span_of(gradient);
  for (std::size_t i = 0; i < worker.memory.size(); ++i) {
    worker.memory[i] = error_ == Error::none ? g[i] : worker.memory[i] + g[i];
  }
  NodeContext here = context_;
  here.rank = rank;
  require_finite(worker.memory, here, step);
  Factors left(plan_.left_size);
  for (const LowRankMatrix& m : plan_.matrices) left_factor(m, worker.memory, *worker.right, left);
  for (const WholeTensor& tensor : plan_.whole) {
    const auto values = std::span(worker.memory).subspan(tensor.first, tensor.size);
    std::copy(values.begin(), values.end(), left.begin() + static_cast<std::ptrdiff_t>(tensor.at));
    std::fill(values.begin(), values.end(), 0.0F);
  }
  Payload payload = pack_vector({.method = context_.method, .worker = rank}, left, cut);
  return remember(std::move(payload), nullptr, worker);
}

PowerSgd::Shared PowerSgd::left_of(const Reduced& reduced) {
  const std::uint64_t identity = combine(reduced.merged.identity(), reduced.cohort);
  return lefts_.get(identity, [&] {
    Factors left = mean_vector(reduced, plan_.left_size, count());
    for (const LowRankMatrix& m : plan_.matrices) orthonormalise(m, left);
    return left;
  });
}

Payload PowerSgd::send_right(const Shared& left, std::uint32_t rank, Cut cut) {
  Worker& worker = workers_[rank];
  Factors right(plan_.right_size);
  for (const LowRankMatrix& m : plan_.matrices) {
    right_factor(m, worker.memory, *left, right);
    if (error_ == Error::local) add_product(m, *left, right, -1.0F, worker.memory);
  }
  Payload payload = pack_vector({.method = context_.method, .worker = rank}, right, cut);
  return remember(std::move(payload), left, worker);
}

/// What was not applied goes back to the memory: whole tensors, and in the local form products of right factors. In
/// the averaged form a lost right factor is missing in the update that all subtract. Left factors only choose the
/// subspace. unknown: the left factors of partial sums, which no worker sent as its own.
void PowerSgd::put_back(const Payload& returned, const Shared& unknown, Worker& worker) const {
  if (error_ == Error::none) return;
  for (const Block& block : returned.blocks()) {
    if (block.lost) continue;
    const Shared* known = worker.lefts.of(block);
    const Shared& left = known == nullptr ? unknown : *known;
    const Payload one(std::vector<Block>(1, block));
    if (left == nullptr) {
      Factors values(plan_.left_size);
      add_vector(one, 1.0F, values);
      for (const WholeTensor& tensor : plan_.whole) {
        for (std::size_t i = 0; i < tensor.size; ++i)
          worker.memory[tensor.first + i] += values[tensor.at + i];
      }
    } else if (error_ == Error::local) {
      Factors right(plan_.right_size);
      add_vector(one, 1.0F, right);
      for (const LowRankMatrix& m : plan_.matrices) add_product(m, *left, right, 1.0F, worker.memory);
    }
  }
}

Update PowerSgd::finish(const Shared& left, std::uint64_t identity, const Reduced& reduced, const Step& step,
                        Worker& worker) {
  const auto applied = applied_.get(identity, [&] {
    Applied result;
    result.update = at::zeros({context_.layout.size()}, at::kFloat);
    const std::span<float> update = mutable_span_of(result.update);
    Factors right = mean_vector(reduced, plan_.right_size, count());
    for (const LowRankMatrix& m : plan_.matrices) add_product(m, *left, right, 1.0F, update);
    for (const WholeTensor& tensor : plan_.whole) {
      std::copy_n(&(*left)[tensor.at], tensor.size, &update[tensor.first]);
    }
    result.next = next(std::move(right), step.round);
    return result;
  });
  worker.right = Shared(applied, &applied->next);
  if (error_ == Error::averaged) {
    const std::span<const float> update = span_of(applied->update);
    for (const LowRankMatrix& m : plan_.matrices) {
      for (std::size_t i = m.first; i < m.first + m.size(); ++i) worker.memory[i] -= update[i];
    }
  }
  return {applied->update, identity};
}

Task<Update> PowerSgd::average(at::Tensor gradient, Step step, Exchange& exchange) {
  const std::uint32_t rank = exchange.rank().value;
  const Cut cut = exchange.cut(Shape::linear);
  const double memory = 4.0 * static_cast<double>(context_.layout.size());
  std::function<Payload()> begin = [this, gradient, step, rank, cut] {
    return send_left(gradient, step, rank, cut);
  };
  const Cost beginning{.flops = 0, .bytes = 3 * memory + traffic()};
  auto payload = co_await exchange.work<Payload>(Phase::encode, beginning, std::move(begin));
  gradient.reset();
  DenseSum lefts(plan_.left_size, count());
  auto first = co_await exchange.reduce(std::move(payload), lefts);

  Shared left;
  std::function<Payload()> project = [this, &left, first, rank, cut] {
    put_back(first.returned, nullptr, workers_[rank]);
    left = left_of(first);
    return send_right(left, rank, cut);
  };
  double products = error_ == Error::local ? 2 : 1;
  const Cost projecting{.flops = 0, .bytes = products * traffic()};
  auto rights = co_await exchange.work<Payload>(Phase::encode, projecting, std::move(project));
  Reduced second;
  if (plan_.right_size > 0) {
    DenseSum sum(plan_.right_size, count());
    auto reduced = co_await exchange.reduce(std::move(rights), sum);
    second = std::move(reduced);
  }

  std::uint64_t identity = combine(first.merged.identity(), second.merged.identity());
  identity = combine(combine(identity, first.cohort), second.cohort);
  std::function<Update()> end = [this, &left, identity, second, step, rank] {
    put_back(second.returned, left, workers_[rank]);
    return finish(left, identity, second, step, workers_[rank]);
  };
  products = error_ == Error::averaged ? 3 : 1;
  const Cost ending{.flops = 0, .bytes = products * memory + traffic()};
  auto update = co_await exchange.work<Update>(Phase::decode, ending, std::move(end));
  co_return update;
}

Task<> PowerSgd::serve(Step, Hub& hub) {
  co_await serve_sum(plan_.left_size, count(), hub);
  if (plan_.right_size > 0) {
    co_await serve_sum(plan_.right_size, count(), hub);
  }
}

MessageSizes PowerSgd::sizes() const {
  const Payload left = pack_vector({}, Factors(plan_.left_size), Cut{});
  const Payload right = pack_vector({}, Factors(plan_.right_size), Cut{});
  const std::uint64_t bytes = left.bytes() + right.bytes();
  const std::uint64_t bits = left.information_bits() + right.information_bits();
  return {bytes, bits, bytes, bits};
}

Entry<Maker> powersgd_method() {
  return {
      {.name = "powersgd",
       .summary = "matrices as products of thin factors, which two reductions add up; other tensors whole",
       .source = "Vogels, Karimireddy, Jaggi 2019",
       .parameters =
           {integer("rank", "columns of the factors, at most the rows and columns of each matrix")
                .in(1, 65535)
                .otherwise(2),
            boolean("warm_start",
                    "a round begins with the right factors of the round before; "
                    "without, with random ones that all workers share")
                .otherwise(true),
            boolean("error_feedback", "add what was not applied to the next gradient").otherwise(true),
            choice("error", {"averaged", "local"},
                   "what feedback subtracts: the update that all apply, or what the worker's own "
                   "factors stand for, so that what is lost stays with the worker that lost it")
                .otherwise("averaged"),
            integer("whole_below", "tensors of fewer coordinates are sent whole, like vectors")
                .at_least(0)
                .otherwise(0)},
       .example = R"({"type": "powersgd", "rank": 2})",
       .formula = "32 r (n + m) bits for each n x m matrix, in two reductions; 32 for each other coordinate",
       .traits = {"linear", "deterministic", "error feedback"}},
      {.compressor = nullptr,
       .method = [](const Value& resolved, const NodeContext& context) -> std::unique_ptr<Collective> {
         return std::make_unique<PowerSgd>(resolved, context);
       }}};
}

}  // namespace telegrad::training
