#include <ATen/ops/zeros.h>

#include "training/kernels/select.h"
#include "training/methods/dense_sum.h"
#include "training/methods/method.h"
#include "training/methods/options.h"
#include "training/methods/pending.h"
#include "training/methods/randomness.h"
#include "training/methods/ratio.h"
#include "training/methods/shared_results.h"
#include "training/span.h"

namespace telegrad::training {
namespace {

using Coordinates = std::vector<std::uint32_t>;

std::uint64_t identity_of(const Coordinates& coordinates) {
  std::uint64_t identity = coordinates.size();
  for (std::uint32_t at : coordinates) identity = combine(identity, at);
  return identity;
}

/// In turn one worker, the leader, chooses the k largest entries of its p = m + g and shares their indices; all send
/// their values there. With c what of them was applied,
///   m = (1 - beta) m + beta (p - c) = m + beta (g - c).
class ScaleCom final : public Collective {
 public:
  ScaleCom(const Value& resolved, const NodeContext& context)
      : keep_(resolved), beta_(static_cast<float>(resolved["beta"].number())), context_(context),
        indices_(stamp(resolved, context)), value_(value_codec(resolved)),
        units_(units_of(resolved, context.layout)), workers_(context.workers) {
    for (Worker& worker : workers_) worker.memory.resize(static_cast<std::size_t>(context.layout.size()));
  }

  std::vector<Shape> shapes() const override { return {Shape::linear}; }
  Task<Update> average(at::Tensor gradient, Step step, Exchange& exchange) override;
  Task<> serve(Step step, Hub& hub) override;
  MessageSizes sizes() const override;
  std::span<const float> residual(std::uint32_t rank) const override { return workers_.at(rank).memory; }

 private:
  struct Worker {
    std::vector<float> memory;  // m
    Pending<std::shared_ptr<const Coordinates>> sent_at;
  };

  Rank leader(const Step& step) const {
    return Rank{static_cast<std::uint32_t>((step.round - 1) % workers_.size())};
  }
  double coordinates() const { return static_cast<double>(context_.layout.size()); }
  codecs::Stamp stamp_of(std::uint32_t rank) const { return {.method = context_.method, .worker = rank}; }
  Payload pack_indices(const Coordinates& chosen, std::uint32_t rank, Cut cut) const;
  Payload choose(std::span<const float> gradient, const Step& step, std::uint32_t rank, Cut cut) const;
  Coordinates read(const Payload& shared) const;
  Payload take(std::span<const float> gradient, std::shared_ptr<const Coordinates> at, const Step& step,
               std::uint32_t rank, Cut cut);
  void put_back(const Payload& returned, Worker& worker) const;
  Update decode(const Reduced& reduced, const Coordinates& at);

  Keep keep_;
  float beta_;
  NodeContext context_;
  codecs::Stamp indices_;
  codecs::ValueCodec value_;
  std::vector<codecs::Unit> units_;
  std::vector<Worker> workers_;
  SharedResults<at::Tensor> decoded_;
};

Payload ScaleCom::pack_indices(const Coordinates& chosen, std::uint32_t rank, Cut cut) const {
  codecs::Stamp stamp = indices_;
  stamp.worker = rank;
  const auto all = codecs::covered_once(static_cast<std::uint32_t>(context_.layout.size()));
  return pack_sparse(stamp, units_, all, cut, chosen, codecs::NoValues());
}

Payload ScaleCom::choose(std::span<const float> gradient, const Step& step, std::uint32_t rank,
                         Cut cut) const {
  std::vector<float> p = workers_[rank].memory;
  for (std::size_t i = 0; i < p.size(); ++i) p[i] += gradient[i];
  Coordinates all, chosen;
  std::vector<std::uint64_t> scratch;
  for (const codecs::Unit& unit : units_) {
    const auto part = std::span<const float>(p).subspan(unit.first, unit.size);
    if (!kernels::select_largest(part, keep_.of(unit.size, step.round), scratch, chosen)) {
      NodeContext here = context_;
      here.rank = rank;
      require_finite(p, here, step);
    }
    for (std::uint32_t at : chosen) all.push_back(unit.first + at);
  }
  return pack_indices(all, rank, cut);
}

Coordinates ScaleCom::read(const Payload& shared) const {
  Coordinates at;
  if (!shared.whole()) return at;  // which values are whose nobody could tell: this worker stands aside
  for (const Block& block : shared.blocks()) {
    codecs::for_each_entry(open(block, units_), [&](std::uint32_t index, float) { at.push_back(index); });
  }
  return at;
}

/// The values to send; the memory is then what it is if all of them are applied.
Payload ScaleCom::take(std::span<const float> gradient, std::shared_ptr<const Coordinates> at,
                       const Step& step, std::uint32_t rank, Cut cut) {
  Worker& worker = workers_[rank];
  std::vector<float> values;
  values.reserve(at->size());
  for (std::uint32_t index : *at) values.push_back(worker.memory[index] + gradient[index]);
  Payload payload = pack_vector(stamp_of(rank), values, cut, value_);
  for (std::size_t i = 0; i < gradient.size(); ++i) worker.memory[i] += beta_ * gradient[i];
  NodeContext here = context_;
  here.rank = rank;
  require_finite(worker.memory, here, step);
  if (payload.blocks().empty()) return payload;
  std::vector<float> sent(at->size());
  add_vector(payload, beta_, sent);
  for (std::size_t i = 0; i < sent.size(); ++i) worker.memory[(*at)[i]] -= sent[i];
  worker.sent_at.add(payload, std::move(at));
  return payload;
}

/// Partial sums, which have another owner than anything that this worker sent, are of the latest round.
void ScaleCom::put_back(const Payload& returned, Worker& worker) const {
  for (const Block& block : returned.blocks()) {
    const auto* known = worker.sent_at.of_or_latest(block);
    if (block.lost || known == nullptr) continue;
    const Coordinates& at = **known;
    const auto units = codecs::whole(static_cast<std::uint32_t>(at.size()));
    codecs::for_each_entry(open(block, units),
                           [&](std::uint32_t i, float value) { worker.memory[at[i]] += beta_ * value; });
  }
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
    *at = read(shared);
    return take(span_of(gradient), at, step, rank, cut);
  };
  const Cost encoding{.flops = 0, .bytes = 12 * coordinates() + 2 * static_cast<double>(shared.bytes())};
  auto payload = co_await exchange.work<Payload>(Phase::encode, encoding, std::move(encode));
  gradient.reset();

  DenseSum sum(static_cast<std::uint32_t>(at->size()), Count::cohort);
  auto reduced = co_await exchange.reduce(std::move(payload), sum);

  std::function<Update()> finish = [this, reduced, at, rank] {
    put_back(reduced.returned, workers_[rank]);
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
  const auto size = static_cast<std::uint32_t>(read(shared).size());
  co_await serve_sum(size, Count::cohort, hub);
}

MessageSizes ScaleCom::sizes() const {
  Coordinates chosen;
  for (std::uint32_t number = 0; number < units_.size(); ++number) {
    const codecs::Unit& unit = units_[number];
    const auto k = static_cast<std::uint32_t>(keep_.of(unit.size, ~0ULL));
    Stream stream = shared_stream(context_, 0, number);
    for (std::uint32_t at : draw_without_replacement(unit.size, k, [&] { return stream.uniform(); })) {
      chosen.push_back(unit.first + at);
    }
  }
  const std::vector<float> zeros(chosen.size());
  const Payload indices = pack_indices(chosen, 0, Cut{});
  const Payload values = pack_vector(stamp_of(0), zeros, Cut{}, value_);
  const Payload sums = pack_vector(stamp_of(0), zeros, Cut{});
  const std::uint64_t n = workers_.size();  // one sends the indices, n - 1 get them
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
