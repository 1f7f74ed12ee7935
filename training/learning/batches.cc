#include "training/learning/batches.h"

#include "sim/core/errors.h"
#include "training/shuffle.h"

namespace telegrad::training {

Batches::Batches(std::vector<std::uint32_t> samples, std::size_t size, std::uint64_t seed,
                 std::uint32_t worker)
    : samples_(std::move(samples)), size_(size), seed_(seed), worker_(worker) {
  expect(size_ > 0 && samples_.size() >= size_, "at least one batch of samples");
}

void Batches::open_epoch(std::uint64_t epoch) {
  if (epoch == epoch_) return;
  epoch_ = epoch;
  order_ = samples_;
  Stream stream(StreamKey{.seed = seed_,
                          .purpose = Purpose::batches,
                          .node = worker_,
                          .round = static_cast<std::uint32_t>(epoch)});
  shuffle(order_, stream);
}

std::span<const std::uint32_t> Batches::of(std::uint64_t round) {
  batch_.clear();
  std::uint64_t position = (round - 1) * size_;
  while (batch_.size() < size_) {
    open_epoch(position / samples_.size());
    batch_.push_back(order_[position % samples_.size()]);
    ++position;
  }
  return batch_;
}

StreamKey Batches::changes(std::uint64_t round) const {
  return {.seed = seed_,
          .purpose = Purpose::augmentation,
          .node = worker_,
          .round = static_cast<std::uint32_t>(round)};
}

}  // namespace telegrad::training
