#include <ATen/ops/zeros.h>

#include <algorithm>

#include "training/methods/grid_state.h"
#include "training/methods/integer_sum.h"
#include "training/methods/method.h"
#include "training/methods/options.h"
#include "training/methods/pending.h"
#include "training/methods/shared_results.h"
#include "training/span.h"

namespace telegrad::training {
namespace {

/// Every worker follows its gradient x by a c on a grid that becomes finer: it sends z = floor((x - c) / step + 1/2) and
/// moves c by step * z. All know the mean of the c, which the sum of the z moves alike everywhere, so that nobody keeps
/// another's c. What is lost does not move the c of the worker to whom it returns, and what lacks somebody's z shrinks
/// nobody's step there, by the counts that come with the sums: so both ends stay together.
class Grid final : public Collective {
 public:
  Grid(const Value& resolved, const NodeContext& context)
      : most_((1 << (resolved["bits"].integer() - 1)) - 1), context_(context), workers_(context.workers) {
    require_exact_sums(context.workers, static_cast<std::uint32_t>(most_));
    State first{std::vector<float>(size()),
                GridSteps(size(), resolved["step"].number(), resolved["shrink"].number()), 1};
    auto shared = std::make_shared<const State>(std::move(first));
    for (Worker& worker : workers_) {
      worker.centre.resize(size());
      worker.state = shared;
    }
  }

  std::vector<Shape> shapes() const override { return {Shape::linear}; }
  Task<Update> average(at::Tensor gradient, Step step, Exchange& exchange) override;
  Task<> serve(Step, Hub& hub) override { co_await serve_integers(size(), levels(), hub); }
  MessageSizes sizes() const override;
  std::span<const float> residual(std::uint32_t rank) const override { return workers_.at(rank).centre; }

 private:
  /// What all workers know alike.
  struct State {
    std::vector<float> mean;  // of all workers' c
    GridSteps steps;
    std::uint64_t identity = 0;
  };
  using Shared = std::shared_ptr<const State>;
  struct Worker {
    std::vector<float> centre;  // c
    Shared state;
    Pending<Shared> sent_in;  // with the steps of then
  };

  std::uint32_t size() const { return static_cast<std::uint32_t>(context_.layout.size()); }
  std::uint32_t levels() const { return static_cast<std::uint32_t>(most_); }
  Payload encode(std::span<const float> gradient, const Step& step, std::uint32_t rank, Cut cut);
  void put_back(const Payload& returned, Worker& worker) const;
  State next(const State& state, const Payload& merged, std::uint64_t identity) const;
  Update follow(const Reduced& reduced, Worker& worker);

  std::int32_t most_;  // 2^(bits - 1) - 1
  NodeContext context_;
  std::vector<Worker> workers_;
  SharedResults<State> states_;
};

Payload Grid::encode(std::span<const float> gradient, const Step& step, std::uint32_t rank, Cut cut) {
  NodeContext node = context_;
  node.rank = rank;
  require_finite(gradient, node, step);
  Worker& worker = workers_[rank];
  std::vector<std::int32_t> numbers(gradient.size());
  StepCursor steps(worker.state->steps);
  for (std::uint32_t i = 0; i < size(); ++i) {
    numbers[i] = grid_number(gradient[i], worker.centre[i], steps.at(i), most_);
    worker.centre[i] += static_cast<float>(steps.at(i) * numbers[i]);
  }
  Payload payload = pack_integers({.method = context_.method, .worker = rank}, numbers, levels(), cut);
  worker.sent_in.add(payload, worker.state);
  return payload;
}

/// Also partial sums, which have another owner than anything that this worker sent: they are of the latest round, and
/// this worker's c then stands for what of the others' is missing in the mean.
void Grid::put_back(const Payload& returned, Worker& worker) const {
  const auto units = codecs::whole(size());
  for (const Block& block : returned.blocks()) {
    const Shared* then = worker.sent_in.of_or_latest(block);
    if (block.lost || then == nullptr) continue;
    StepCursor steps((*then)->steps);
    codecs::for_each_entry(open(block, units), [&](std::uint32_t i, float number) {
      worker.centre[i] -= static_cast<float>(steps.at(i) * number);
    });
  }
}

Grid::State Grid::next(const State& state, const Payload& merged, std::uint64_t identity) const {
  State result{state.mean, state.steps, identity};
  const auto units = codecs::whole(size());
  std::vector<GridSteps::Part> whole;
  for (const Block& block : merged.blocks()) {
    if (block.lost) continue;
    const codecs::BlockView view = open(block, units);
    StepCursor steps(state.steps);
    codecs::for_each_entry(view, [&](std::uint32_t i, float sum) {
      result.mean[i] += static_cast<float>(steps.at(i) * sum / context_.workers);
    });
    const codecs::BlockHeader& header = view.header;
    if (header.weight() == context_.workers) whole.push_back({header.first, header.first + header.span});
  }
  result.steps = state.steps.shrunk(whole);
  return result;
}

Update Grid::follow(const Reduced& reduced, Worker& worker) {
  put_back(reduced.returned, worker);
  const std::uint64_t identity = combine(worker.state->identity, reduced.merged.identity());
  const Shared before = worker.state;
  worker.state = states_.get(identity, [&] { return next(*before, reduced.merged, identity); });
  Update update{at::zeros({context_.layout.size()}, at::kFloat), identity};
  std::copy(worker.state->mean.begin(), worker.state->mean.end(), mutable_span_of(update.values).begin());
  return update;
}

Task<Update> Grid::average(at::Tensor gradient, Step step, Exchange& exchange) {
  const std::uint32_t rank = exchange.rank().value;
  const Cut cut = exchange.cut(Shape::linear);
  const double floats = 4.0 * size();
  std::function<Payload()> begin = [this, gradient, step, rank, cut] {
    return encode(span_of(gradient), step, rank, cut);
  };
  const Cost encoding{.flops = 0, .bytes = 4 * floats};
  auto payload = co_await exchange.work<Payload>(Phase::encode, encoding, std::move(begin));
  gradient.reset();

  IntegerSum sum(size(), levels());
  auto reduced = co_await exchange.reduce(std::move(payload), sum);

  std::function<Update()> end = [this, reduced, rank] { return follow(reduced, workers_[rank]); };
  const double bytes = static_cast<double>(reduced.merged.bytes() + reduced.returned.bytes());
  const Cost decoding{.flops = 0, .bytes = 3 * floats + bytes};
  auto update = co_await exchange.work<Update>(Phase::decode, decoding, std::move(end));
  co_return update;
}

MessageSizes Grid::sizes() const {
  const std::vector<std::int32_t> zeros(size());
  const Payload up = pack_integers({}, zeros, levels(), Cut{});
  const Payload down = pack_integers({}, zeros, context_.workers * levels(), Cut{});
  return {up.bytes(), up.information_bits(), down.bytes(), down.information_bits()};
}

}  // namespace

Entry<Maker> grid_method() {
  return {
      {.name = "grid",
       .summary =
           "whole steps of a grid that shrinks towards each gradient; for full gradients, which settle",
       .source = "Magnusson, Enyioha, Li, Fischione, Tarokh 2018",
       .parameters =
           {integer(
                "bits",
                "of each number; an entry farther than step (2^(bits-1) - 1/2) from its place on the grid "
                "saturates, and is caught up with later, or never where steps have become too short")
                .in(2, 16)
                .otherwise(8),
            real("step", "the grid's first step, in units of the gradient").above(0).otherwise(0.01),
            real("shrink",
                 "what a step is multiplied by after each round, above the rate at which "
                 "gradients shrink; 1: never")
                .over(0, 1)
                .otherwise(0.99)},
       .example = R"({"type": "grid", "bits": 8, "step": 0.01, "shrink": 0.99})",
       .formula = "b d bits; ceil(log2(2 N (2^(b-1) - 1) + 1)) d down",
       .traits = {"linear", "deterministic", "remembers"}},
      {.compressor = nullptr,
       .method = [](const Value& resolved, const NodeContext& context) -> std::unique_ptr<Collective> {
         return std::make_unique<Grid>(resolved, context);
       }}};
}

}  // namespace telegrad::training
