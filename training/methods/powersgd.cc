#include "training/methods/powersgd.h"

#include "training/methods/dense_sum.h"
#include "training/methods/options.h"

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

/// Bytes of one product of all matrices with their factors: each component reads the matrix.
double PowerSgd::traffic() const {
  double bytes = 4.0 * (plan_.left_size + plan_.right_size);
  for (const LowRankMatrix& m : plan_.matrices) bytes += 4.0 * static_cast<double>(m.size()) * m.rank;
  return bytes;
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
