#include <ATen/ops/zeros.h>

#include "training/methods/feedback.h"
#include "training/methods/largest_of_sum.h"
#include "training/methods/method.h"
#include "training/methods/options.h"
#include "training/methods/parts.h"
#include "training/methods/pending.h"
#include "training/methods/randomness.h"
#include "training/methods/shared_results.h"
#include "training/methods/sparse.h"
#include "training/methods/sum.h"
#include "training/methods/top_k.h"
#include "training/span.h"

namespace telegrad::training {
namespace {

/// Everybody sends the k largest entries of p = m + g; of the sums of two partial results, or of all contributions,
/// only the k largest go on. What a fold drops is put back, so that sum + memories = all p:
/// where workers fold on the way (a tree), into the memory of the one that folds; elsewhere every worker takes its own
/// values outside the result back. The reference implementation does so in a tree too, and loses what was dropped
/// of an entry that came through elsewhere.
class GTopK final : public Collective {
 public:
  GTopK(const Value& resolved, const NodeContext& context)
      : keep_(resolved, context.layout), context_(context),
        conserving_(resolved["put_back"].text() == "conserving"), indices_(stamp(resolved, context).indices),
        bare_(resolved), workers_(context.workers) {
    bare_.set("error_feedback", Value(false));
    for (std::uint32_t rank = 0; rank < context.workers; ++rank) {
      NodeContext here = context;
      here.rank = rank;
      workers_[rank].encoder =
          std::make_unique<Feedback>(here, Feedback::Settings{}, make_top_k(bare_, here));
    }
  }

  std::vector<Shape> shapes() const override { return {Shape::associative}; }
  Task<Update> average(at::Tensor gradient, Step step, Exchange& exchange) override;
  Task<> serve(Step step, Hub& hub) override;
  MessageSizes sizes() const override;
  std::span<const float> residual(std::uint32_t rank) const override {
    return workers_.at(rank).encoder->residual();
  }

 private:
  class Folding;
  struct Result {
    at::Tensor update;  // [d]
    Entries entries;
  };
  struct Worker {
    std::unique_ptr<Feedback> encoder;
    Pending<std::shared_ptr<const Result>> results;  // of the payloads' rounds
  };

  std::span<const codecs::Unit> units() const { return workers_.front().encoder->units(); }
  Merged merge(std::span<const Part> parts, const Step& step) const {
    return largest_of_sum(parts, units(), keep_, step.round);
  }
  Payload pack(const Entries& entries, std::uint32_t weight, Cut cut) const {
    return pack_entries(entries, weight, units(), indices_, cut);
  }
  Payload fold(std::span<const Part> parts, const Step& step, Cut cut) const;
  void put_back(const Payload& blocks, const Entries& result, bool inside, Worker& worker) const;
  Update finish(const Payload& own, const Reduced& reduced, bool on_the_way, Worker& worker);

  Keep keep_;
  NodeContext context_;
  bool conserving_;
  codecs::IndexChoice indices_;
  Value bare_;  // top-k without feedback
  std::vector<Worker> workers_;
  SharedResults<Payload> folded_;
  SharedResults<Result> results_;
};

/// At a node that folds and is no hub.
class GTopK::Folding final : public Fold {
 public:
  Folding(GTopK& method, const Step& step, const Exchange& exchange)
      : method_(method), step_(step), rank_(exchange.rank().value), on_the_way_(exchange.folds_on_the_way()) {
  }
  Shape shape() const override { return Shape::associative; }
  Payload fold(std::span<const Part> parts, Cut cut) override {
    if (!on_the_way_) {  // one does it for all
      return *method_.folded_.get(identity_of(parts), [&] { return method_.fold(parts, step_, cut); });
    }
    const Merged merged = method_.merge(parts, step_);
    if (method_.conserving_) method_.workers_[rank_].encoder->restore(method_.pack(merged.dropped, 1, Cut{}));
    return method_.pack(merged.kept, merged.weight, cut);
  }
  /// Entries are read, sorted, added up and selected from.
  Cost cost(std::span<const Part> parts, Cut) const override {
    return {.flops = 0, .bytes = 4 * bytes_of(parts)};
  }

 private:
  GTopK& method_;
  Step step_;
  std::uint32_t rank_;
  bool on_the_way_;
};

Payload GTopK::fold(std::span<const Part> parts, const Step& step, Cut cut) const {
  const Merged merged = merge(parts, step);
  return pack(merged.kept, merged.weight, cut);
}

/// Adds the entries of the blocks that lie inside the result, or outside, to the memory.
void GTopK::put_back(const Payload& blocks, const Entries& result, bool inside, Worker& worker) const {
  Entries all, chosen;
  all.add(blocks, units());
  for (std::size_t i = 0; i < all.at.size(); ++i) {
    if (result.has(all.at[i]) == inside) chosen.add(all.at[i], all.values[i]);
  }
  worker.encoder->restore(pack(chosen, 1, Cut{}));
}

Update GTopK::finish(const Payload& own, const Reduced& reduced, bool on_the_way, Worker& worker) {
  const std::uint64_t identity = combine(reduced.merged.identity(), reduced.cohort);
  const auto result = results_.get(identity, [&] {
    Result made;
    made.update = at::zeros({context_.layout.size()}, at::kFloat);
    add_mean(reduced.merged, units(), Divisor{reduced.cohort}, mutable_span_of(made.update));
    made.entries.add(reduced.merged, units());
    return made;
  });
  if (on_the_way && conserving_) {
    worker.encoder->restore(reduced.returned);
    return {result->update, identity};
  }
  // Of what was lost, entries outside the result of their round are back already.
  worker.results.add(own, result);
  put_back(own, result->entries, false, worker);
  for (const Block& block : reduced.returned.blocks()) {
    const auto* known = worker.results.of(block);
    const Result& of = known == nullptr ? *result : **known;
    put_back(Payload(std::vector<Block>(1, block)), of.entries, true, worker);
  }
  return {result->update, identity};
}

Task<Update> GTopK::average(at::Tensor gradient, Step step, Exchange& exchange) {
  Worker& worker = workers_.at(exchange.rank().value);
  const Cut cut = exchange.cut(Shape::associative);
  std::function<Payload()> encode = [&worker, gradient, step, cut] {
    return worker.encoder->encode(span_of(gradient), step, cut);
  };
  const Cost encoding{.flops = 0, .bytes = worker.encoder->traffic()};
  auto own = co_await exchange.work<Payload>(Phase::encode, encoding, std::move(encode));
  gradient.reset();

  Folding folding(*this, step, exchange);
  Payload sent = own;
  auto reduced = co_await exchange.reduce(std::move(sent), folding);

  const bool on_the_way = exchange.folds_on_the_way();
  std::function<Update()> end = [this, &worker, own, reduced, on_the_way] {
    return finish(own, reduced, on_the_way, worker);
  };
  const auto bytes = static_cast<double>(own.bytes() + reduced.merged.bytes() + reduced.returned.bytes());
  const Cost decoding{.flops = 0, .bytes = 2 * bytes + 4 * static_cast<double>(context_.layout.size())};
  auto update = co_await exchange.work<Update>(Phase::decode, decoding, std::move(end));
  co_return update;
}

Task<> GTopK::serve(Step step, Hub& hub) {
  auto parts = co_await hub.collect();
  const Cost cost{.flops = 0, .bytes = 4 * bytes_of(parts)};
  const Cut cut = hub.cut(Shape::associative);
  std::function<Payload()> job = [this, parts, step, cut] { return fold(parts, step, cut); };
  auto merged = co_await hub.work<Payload>(Phase::fold, cost, std::move(job));
  hub.publish(std::move(merged));
}

MessageSizes GTopK::sizes() const {
  const Step steady{.round = ~0ULL};
  std::vector<float> values(static_cast<std::size_t>(context_.layout.size()));
  fill_uniform(values, context_, Step{}, 0);
  const Payload up = make_top_k(bare_, context_)->encode(values, steady, Cut{});
  const std::vector<Part> parts(1, Part(Rank{0}, up, 0));
  const Payload down = fold(parts, steady, Cut{});
  return {up.bytes(), up.information_bits(), down.bytes(), down.information_bits()};
}

std::unique_ptr<Collective> make(const Value& resolved, const NodeContext& context) {
  return std::make_unique<GTopK>(resolved, context);
}

}  // namespace

Entry<Maker> gtop_k_method() {
  return {
      {.name = "gtop_k",
       .summary = "the k largest entries of the sum of everybody's k largest; what is dropped is put back",
       .source = "Shi et al. 2019",
       .parameters =
           Table{
               choice("put_back", {"conserving", "reference"},
                      "where a tree drops entries on the way: into the memory of the worker that folds, or, "
                      "as the published code does, to the owners of what is not in the result, which loses "
                      "what was dropped of entries that are")
                   .otherwise("conserving")} +
           keep_parameters() + sparse_parameters("model"),
       .example = R"({"type": "gtop_k", "ratio": 0.001})",
       .check = check_keep,
       .formula = "k (b + 32) bits up and down, and on each hop of a tree",
       .traits = {"sparse", "deterministic", "error feedback"}},
      {.compressor = nullptr, .method = make}};
}

}  // namespace telegrad::training
