// What a worker of PowerSGD computes between its reductions.

#include <ATen/ops/zeros.h>

#include <algorithm>
#include <cmath>

#include "training/methods/dense_sum.h"
#include "training/methods/powersgd.h"
#include "training/methods/randomness.h"
#include "training/span.h"

namespace telegrad::training {

void PowerSgd::draw(const LowRankMatrix& m, std::uint32_t component, std::uint64_t round,
                    Factors& right) const {
  Stream stream = shared_stream(context_, round, static_cast<std::uint32_t>(m.right + component));
  for (std::uint32_t i = 0; i < m.columns; ++i) {
    right[m.right + std::size_t{component} * m.columns + i] = static_cast<float>(stream.normal());
  }
}

/// Where a round begins whose forerunner ended with these. Only what a column spans matters, so it is normalised and
/// never grows or fades; one that spans nothing would never come back and is drawn anew.
PowerSgd::Factors PowerSgd::next(Factors right, std::uint64_t round) const {
  for (const LowRankMatrix& m : plan_.matrices) {
    for (std::uint32_t c = 0; c < m.rank; ++c) {
      const std::span<float> column(&right[m.right + std::size_t{c} * m.columns], m.columns);
      double squares = 0;
      for (float value : column) squares += static_cast<double>(value) * value;
      if (!warm_start_ || !(squares > 0) || !std::isfinite(squares)) {
        draw(m, c, round, right);
      } else {
        for (float& value : column) value = static_cast<float>(value / std::sqrt(squares));
      }
    }
  }
  return right;
}

Payload PowerSgd::remember(Payload payload, Shared left, Worker& worker) const {
  if (error_ != Error::none) worker.lefts.add(payload, std::move(left));
  return payload;
}

Payload PowerSgd::send_left(const at::Tensor& gradient, const Step& step, std::uint32_t rank, Cut cut) {
  Worker& worker = workers_[rank];
  const std::span<const float> g = span_of(gradient);
  for (std::size_t i = 0; i < worker.memory.size(); ++i) {
    worker.memory[i] = error_ == Error::none ? g[i] : worker.memory[i] + g[i];
  }
  NodeContext here = context_;
  here.rank = rank;
  require_finite(worker.memory, here, step);
  Factors left(plan_.left_size);
  for (const LowRankMatrix& m : plan_.matrices) left_factor(m, worker.memory, *worker.right, left);
  for (const WholeTensor& tensor : plan_.whole) {
    const auto values = std::span(worker.memory).subspan(tensor.first, tensor.size);
    std::copy(values.begin(), values.end(), left.begin() + static_cast<std::ptrdiff_t>(tensor.at));
    std::fill(values.begin(), values.end(), 0.0F);
  }
  Payload payload = pack_vector({.method = context_.method, .worker = rank}, left, cut);
  return remember(std::move(payload), nullptr, worker);
}

PowerSgd::Shared PowerSgd::left_of(const Reduced& reduced) {
  const std::uint64_t identity = combine(reduced.merged.identity(), reduced.cohort);
  return lefts_.get(identity, [&] {
    Factors left = mean_vector(reduced, plan_.left_size, count());
    for (const LowRankMatrix& m : plan_.matrices) orthonormalise(m, left);
    return left;
  });
}

Payload PowerSgd::send_right(const Shared& left, std::uint32_t rank, Cut cut) {
  Worker& worker = workers_[rank];
  Factors right(plan_.right_size);
  for (const LowRankMatrix& m : plan_.matrices) {
    right_factor(m, worker.memory, *left, right);
    if (error_ == Error::local) add_product(m, *left, right, -1.0F, worker.memory);
  }
  Payload payload = pack_vector({.method = context_.method, .worker = rank}, right, cut);
  return remember(std::move(payload), left, worker);
}

/// What was not applied goes back to the memory: whole tensors, and in the local form products of right factors. In
/// the averaged form a lost right factor is missing in the update that all subtract. Left factors only choose the
/// subspace. unknown: the left factors of partial sums, which no worker sent as its own.
void PowerSgd::put_back(const Payload& returned, const Shared& unknown, Worker& worker) const {
  if (error_ == Error::none) return;
  for (const Block& block : returned.blocks()) {
    if (block.lost) continue;
    const Shared* known = worker.lefts.of(block);
    const Shared& left = known == nullptr ? unknown : *known;
    const Payload one(std::vector<Block>(1, block));
    if (left == nullptr) {
      Factors values(plan_.left_size);
      add_vector(one, 1.0F, values);
      for (const WholeTensor& tensor : plan_.whole) {
        for (std::size_t i = 0; i < tensor.size; ++i)
          worker.memory[tensor.first + i] += values[tensor.at + i];
      }
    } else if (error_ == Error::local) {
      Factors right(plan_.right_size);
      add_vector(one, 1.0F, right);
      for (const LowRankMatrix& m : plan_.matrices) add_product(m, *left, right, 1.0F, worker.memory);
    }
  }
}

Update PowerSgd::finish(const Shared& left, std::uint64_t identity, const Reduced& reduced, const Step& step,
                        Worker& worker) {
  const auto applied = applied_.get(identity, [&] {
    Applied result;
    result.update = at::zeros({context_.layout.size()}, at::kFloat);
    const std::span<float> update = mutable_span_of(result.update);
    Factors right = mean_vector(reduced, plan_.right_size, count());
    for (const LowRankMatrix& m : plan_.matrices) add_product(m, *left, right, 1.0F, update);
    for (const WholeTensor& tensor : plan_.whole) {
      std::copy_n(&(*left)[tensor.at], tensor.size, &update[tensor.first]);
    }
    result.next = next(std::move(right), step.round);
    return result;
  });
  worker.right = Shared(applied, &applied->next);
  if (error_ == Error::averaged) {
    const std::span<const float> update = span_of(applied->update);
    for (const LowRankMatrix& m : plan_.matrices) {
      for (std::size_t i = m.first; i < m.first + m.size(); ++i) worker.memory[i] -= update[i];
    }
  }
  return {applied->update, identity};
}

}  // namespace telegrad::training
