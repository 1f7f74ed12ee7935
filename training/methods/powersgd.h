#pragma once

#include <memory>
#include <vector>

#include "training/downlinks/downlink.h"
#include "training/methods/low_rank.h"
#include "training/methods/method.h"
#include "training/methods/pending.h"
#include "training/methods/shared_results.h"

namespace telegrad::training {

/// Matrices as products of two thin factors (Vogels, Karimireddy, Jaggi 2019). With M_w = g_w + E_w and Q of the
/// round before:
///   P = orthonormalised(sum of M_w Q),  Q = mean of M_w^T P,  update = P Q^T,
///   E_w = M_w - P Q^T, or in the local form M_w - P (M_w^T P)^T.
class PowerSgd final : public Collective {
 public:
  enum class Error { averaged, local, none };

  PowerSgd(const Value& resolved, const NodeContext& context);

  std::vector<Shape> shapes() const override { return {Shape::linear}; }
  Task<Update> average(at::Tensor gradient, Step step, Exchange& exchange) override;
  Task<> serve(Step step, Hub& hub) override;
  MessageSizes sizes() const override;
  std::span<const float> residual(std::uint32_t rank) const override;

  const LowRankPlan& plan() const { return plan_; }
  /// The right factors that all workers begin with; drawn without.
  void begin_with(std::vector<float> right);

 private:
  using Factors = std::vector<float>;
  using Shared = std::shared_ptr<const Factors>;
  struct Applied {
    Factors next;       // where the next round begins
    at::Tensor update;  // [d]
  };
  struct Worker {
    std::vector<float> memory;  // E, and M while a round is under way
    Shared right;
    Pending<Shared> lefts{2};  // of payloads of right factors; of left factors none
  };

  Count count() const { return error_ == Error::none ? Count::contributors : Count::cohort; }
  double traffic() const;
  Payload send_left(const at::Tensor& gradient, const Step& step, std::uint32_t rank, Cut cut);
  Payload send_right(const Shared& left, std::uint32_t rank, Cut cut);
  Payload remember(Payload payload, Shared left, Worker& worker) const;
  void put_back(const Payload& returned, const Shared& unknown, Worker& worker) const;
  Shared left_of(const Reduced& reduced);
  Update finish(const Shared& left, std::uint64_t identity, const Reduced& reduced, const Step& step,
                Worker& worker);
  void draw(const LowRankMatrix& m, std::uint32_t component, std::uint64_t round, Factors& right) const;
  Factors next(Factors right, std::uint64_t round) const;

  LowRankPlan plan_;
  NodeContext context_;
  bool warm_start_;
  Error error_;
  std::vector<Worker> workers_;
  SharedResults<Factors> lefts_;
  SharedResults<Applied> applied_;
};

}  // namespace telegrad::training
