#include "training/learning/mean_iou.h"

#include "sim/core/errors.h"
#include "training/datasets/dataset.h"

namespace telegrad::training {

void MeanIou::add(const at::Tensor& answers, const at::Tensor& targets, std::int64_t classes) {
  expect(answers.numel() == targets.numel(), "an answer for each target");
  counts_.resize(static_cast<std::size_t>(classes));
  const at::Tensor said = answers.contiguous();
  const at::Tensor is = targets.contiguous();
  const std::int64_t* answer = said.const_data_ptr<std::int64_t>();
  const std::int64_t* target = is.const_data_ptr<std::int64_t>();
  for (std::int64_t i = 0; i < is.numel(); ++i) {
    if (target[i] == Samples::kIgnored) continue;
    ++counts_[static_cast<std::size_t>(answer[i])].said;
    ++counts_[static_cast<std::size_t>(target[i])].is;
    if (answer[i] == target[i]) ++counts_[static_cast<std::size_t>(target[i])].both;
  }
}

double MeanIou::value() const {
  double sum = 0;
  double classes = 0;
  for (const Counts& count : counts_) {
    const std::uint64_t either = count.said + count.is - count.both;
    if (either == 0) continue;
    sum += static_cast<double>(count.both) / static_cast<double>(either);
    ++classes;
  }
  return classes > 0 ? sum / classes : 0.0;
}

}  // namespace telegrad::training
