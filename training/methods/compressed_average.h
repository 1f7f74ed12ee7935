#pragma once

#include <memory>
#include <vector>

#include "training/downlinks/downlink.h"
#include "training/methods/compressor.h"
#include "training/methods/method.h"
#include "training/methods/shared_results.h"
#include "training/methods/sum.h"

namespace telegrad::training {

/// Makes a method of a compressor for each worker and one down-link: workers send what their compressor
/// encodes, the folding node adds it up in the order of ranks, everybody decodes the mean.
class CompressedAverage final : public Method {
 public:
  /// up: by rank. The layout outlives this.
  CompressedAverage(const Layout& layout, std::vector<std::unique_ptr<Compressor>> up,
                    std::unique_ptr<Downlink> down);

  std::vector<Shape> shapes() const override { return {shape()}; }
  /// Entries that all workers drew alike are known by their round.
  bool of_its_round() const override { return up_.front()->expands(); }
  Compressor* encoder(std::uint32_t rank) override { return up_.at(rank).get(); }
  bool reads_link() const override { return up_.front()->reads_link(); }
  Task<Update> average(at::Tensor gradient, Step step, Exchange& exchange) override;
  Task<Update> keep_up(Step step, Exchange& exchange) override;
  Task<> serve(Step step, Hub& hub) override;
  Task<Update> cohort_mean(Step step, std::uint32_t cohort, Hub& hub) override;

 private:
  class Folding;

  std::int64_t wire_size() const { return codecs::size_of(up_.front()->units()); }
  Shape shape() const { return down_->shape(up_.front()->shape()); }
  Count count() const { return up_.front()->feedback() ? Count::cohort : Count::contributors; }
  Payload fold(std::span<const Part> parts, const Step& step, Cut cut) const;
  Payload fold_once(std::span<const Part> parts, const Step& step, Cut cut);
  Payload as_own(const Payload& returned) const;
  Task<std::uint32_t> collect(Hub& hub);
  Task<Update> take(Reduced reduced, Step step, Exchange& exchange);
  Update decode(const Reduced& reduced, const Step& step);

  const Layout& layout_;
  std::vector<std::unique_ptr<Compressor>> up_;
  std::unique_ptr<Downlink> down_;
  Sum hub_sum_;
  SharedResults<at::Tensor> decoded_;
  SharedResults<Payload> folded_;
};

}  // namespace telegrad::training
