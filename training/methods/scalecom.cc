#include <ATen/ops/zeros.h>

#include "training/kernels/select.h"
#include "training/methods/coordinates.h"
#include "training/methods/dense_sum.h"
#include "training/methods/filtered_memory.h"
#include "training/methods/method.h"
#include "training/methods/options.h"
#include "training/methods/randomness.h"
#include "training/methods/ratio.h"
#include "training/methods/shared_results.h"
#include "training/span.h"

namespace telegrad::training {
namespace {

/// In turn one worker, the leader, chooses the k largest entries of its p = m + g and shares their indices; all send
/// their values there.
class ScaleCom final : public Collective {
 public:
  ScaleCom(const Value& resolved, const NodeContext& context)
      : keep_(resolved, context.layout), context_(context), indices_(stamp(resolved, context)),
        value_(value_codec(resolved)), units_(units_of(resolved, context.layout)),
        memories_(context.workers, FilteredMemory(static_cast<std::size_t>(context.layout.size()),
                                                  static_cast<float>(resolved["beta"].number()))) {}

  std::vector<Shape> shapes() const override { return {Shape::linear}; }
  Task<Update> average(at::Tensor gradient, Step step, Exchange& exchange) override;
  Task<> serve(Step step, Hub& hub) override;
  MessageSizes sizes() const override;
  std::span<const float> residual(std::uint32_t rank) const override { return memories_.at(rank).values(); }

 private:
  Rank leader(const Step& step) const {
    return Rank{static_cast<std::uint32_t>((step.round - 1) % memories_.size())};
  }
  double coordinates() const { return static_cast<double>(context_.layout.size()); }
  NodeContext context_of(std::uint32_t rank) const {
    NodeContext context = context_;
    context.rank = rank;
    return context;
  }
  Payload pack_indices(const Coordinates& chosen, std::uint32_t rank, Cut cut) const;
  Payload choose(std::span<const float> gradient, const Step& step, std::uint32_t rank, Cut cut) const;
  Update decode(const Reduced& reduced, const Coordinates& at);

  Keep keep_;
  NodeContext context_;
  codecs::Stamp indices_;
  codecs::ValueCodec value_;
  std::vector<codecs::Unit> units_;
  std::vector<FilteredMemory> memories_;
  SharedResults<at::Tensor> decoded_;
};

Payload ScaleCom::pack_indices(const Coordinates& chosen, std::uint32_t rank, Cut cut) const {
  codecs::Stamp stamp = indices_;
  stamp.worker = rank;
  return pack_coordinates(chosen, stamp, units_, cut);
}

Payload ScaleCom::choose(std::span<const float> gradient, const Step& step, std::uint32_t rank,
                         Cut cut) const {
  const auto memory = memories_[rank].values();
  std::vector<float> p(memory.begin(), memory.end());
  for (std::size_t i = 0; i < p.size(); ++i) p[i] += gradient[i];
  Coordinates all, chosen;
  std::vector<std::uint64_t> scratch;
  for (const codecs::Unit& unit : units_) {
    const auto part = std::span<const float>(p).subspan(unit.first, unit.size);
    if (!kernels::select_largest(part, keep_.of(unit, step.round), scratch, chosen)) {
      require_finite(p, context_of(rank), step);
    }
    for (std::uint32_t at : chosen) all.push_back(unit.first + at);
  }
  return pack_indices(all, rank, cut);
}

Update ScaleCom::decode(const Reduced& reduced, const Coordinates& at) {
  Update update;
  update.identity = combine(combine(reduced.merged.identity(), reduced.cohort), identity_of(at));
  update.values = *decoded_.get(update.identity, [&] {
    at::Tensor values = at::zeros({context_.layout.size()}, at::kFloat);
    if (at.empty()) return values;
    const auto mean = mean_vector(reduced, static_cast<std::uint32_t>(at.size()), Count::cohort);
    const std::span<float> out = mutable_span_of(values);
    for (std::size_t i = 0; i < at.size(); ++i) out[at[i]] = mean[i];
    return values;
  });
  return update;
}

Task<Update> ScaleCom::average(at::Tensor gradient, Step step, Exchange& exchange) {
  const std::uint32_t rank = exchange.rank().value;
  Payload chosen;
  if (exchange.rank() == leader(step)) {
    const Cut whole = exchange.cut(Shape::local);
    std::function<Payload()> choose_mine = [this, gradient, step, rank, whole] {
      return choose(span_of(gradient), step, rank, whole);
    };
    const Cost choosing{.flops = 0, .bytes = 12 * coordinates()};
    auto mine = co_await exchange.work<Payload>(Phase::encode, choosing, std::move(choose_mine));
    chosen = std::move(mine);
  }
  auto shared = co_await exchange.share(leader(step), std::move(chosen));

  auto at = std::make_shared<Coordinates>();
  const Cut cut = exchange.cut(Shape::linear);
  std::function<Payload()> encode = [this, gradient, shared, at, step, rank, cut] {
    *at = read_coordinates(shared, units_);
    return memories_[rank].send(span_of(gradient), at, value_, context_of(rank), step, cut);
  };
  const Cost encoding{.flops = 0, .bytes = 12 * coordinates() + 2 * static_cast<double>(shared.bytes())};
  auto payload = co_await exchange.work<Payload>(Phase::encode, encoding, std::move(encode));
  gradient.reset();

  DenseSum sum(static_cast<std::uint32_t>(at->size()), Count::cohort);
  auto reduced = co_await exchange.reduce(std::move(payload), sum);

  std::function<Update()> finish = [this, reduced, at, rank] {
    memories_[rank].put_back(reduced.returned);
    return decode(reduced, *at);
  };
  const double bytes = static_cast<double>(reduced.merged.bytes() + reduced.returned.bytes());
  const Cost decoding{.flops = 0, .bytes = 4 * coordinates() + 2 * bytes};
  auto update = co_await exchange.work<Update>(Phase::decode, decoding, std::move(finish));
  co_return update;
}

Task<> ScaleCom::serve(Step step, Hub& hub) {
  Payload nothing;
  auto shared = co_await hub.share(leader(step), std::move(nothing));
  const auto size = static_cast<std::uint32_t>(read_coordinates(shared, units_).size());
  co_await serve_sum(size, Count::cohort, hub);
}

MessageSizes ScaleCom::sizes() const {
  Coordinates chosen;
  for (std::uint32_t number = 0; number < units_.size(); ++number) {
    const codecs::Unit& unit = units_[number];
    const auto k = static_cast<std::uint32_t>(keep_.of(unit, ~0ULL));
    Stream stream = shared_stream(context_, 0, number);
    for (std::uint32_t at : draw_without_replacement(unit.size, k, [&] { return stream.uniform(); })) {
      chosen.push_back(unit.first + at);
    }
  }
  const std::vector<float> zeros(chosen.size());
  const codecs::Stamp stamp{.method = context_.method};
  const Payload indices = pack_indices(chosen, 0, Cut{});
  const Payload values = pack_vector(stamp, zeros, Cut{}, value_);
  const Payload sums = pack_vector(stamp, zeros, Cut{});
  const std::uint64_t n = memories_.size();  // one sends the indices, n - 1 get them
  return {.up_bytes = values.bytes() + indices.bytes() / n,
          .up_information_bits = values.information_bits() + indices.information_bits() / n,
          .down_bytes = sums.bytes() + indices.bytes() * (n - 1) / n,
          .down_information_bits = sums.information_bits() + indices.information_bits() * (n - 1) / n};
}

std::unique_ptr<Collective> make(const Value& resolved, const NodeContext& context) {
  return std::make_unique<ScaleCom>(resolved, context);
}

}  // namespace

Entry<Maker> scalecom_method() {
  return {
      {.name = "scalecom",
       .summary = "one worker in turn chooses the k largest entries for all; their values add up on the way",
       .source = "Chen et al. 2020",
       .parameters =
           Table{real("beta",
                      "share of what was not sent that the memory takes in each round; 1 is plain "
                      "error feedback, 0.1 to 0.3 suit large batches")
                     .over(0, 1)
                     .otherwise(0.1)} +
           keep_parameters() +
           Table{granularity_parameter(),
                 bucket_parameter("coordinates of a unit, of which each gets its own k"), index_parameter(),
                 choice("value", {"fp32", "fp16", "bf16"}, "how values travel up; sums are fp32")
                     .otherwise("fp32"),
                 zstd_parameter()},
       .example = R"({"type": "scalecom", "ratio": 0.01, "beta": 0.1})",
       .check = check_keep,
       .formula = "32 k bits from each worker, k b from one; 32 k + k b down",
       .traits = {"linear", "sparse", "deterministic", "error feedback"}},
      {.compressor = nullptr, .method = make}};
}

}  // namespace telegrad::training
