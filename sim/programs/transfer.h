#pragma once

#include "sim/core/training.h"

namespace telegrad::programs {

/// Learns nothing: moves the same number of bytes up and down in every round, in blocks without data and with no
/// compute time. Where workers fold, sums of so many bytes. What `probe` runs, and what networks and exchanges are measured with.
class Transfer final : public Training {
 public:
  Transfer(std::uint32_t workers, std::uint64_t up_bytes, std::uint64_t down_bytes);
  ~Transfer() override;

  const TrainingFacts& facts() const override { return facts_; }
  Learner& learner(Rank rank) override;
  Task<> serve(std::uint64_t round, Hub& hub) override;
  std::function<Evaluation()> evaluation(Rank of) override;

 private:
  class Sender;
  TrainingFacts facts_;
  std::vector<std::unique_ptr<Sender>> senders_;
};

/// `bytes` in blocks of at most `limit` bytes, without data.
Payload sized_payload(std::uint64_t bytes, std::uint32_t limit);
/// The same as so many equal pieces, rounded up.
Payload sized_payload(std::uint64_t bytes, const Cut& cut);

}  // namespace telegrad::programs
