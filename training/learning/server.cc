#include "training/learning/server.h"

#include "training/learning/average.h"
#include "training/methods/dense_sum.h"
#include "training/span.h"

namespace telegrad::training {

Replica Common::served(const Replica& from, const at::Tensor& mean, std::uint64_t round) const {
  const double rate = server_rate * server_schedule(round);
  Replica next = server->apply(from, mean, rate, rate);
  if (average_share) average_in(next, from, average_share(round));
  return next;
}

/// m n_i / (the samples of all m members), so that the mean of what they send is weighted by samples.
std::vector<float> Server::weights(std::span<const Rank> members) const {
  std::vector<float> result(members.size(), 1.0F);
  if (samples_.empty()) return result;
  double all = 0;
  for (Rank member : members) all += samples_.at(member.value);
  for (std::size_t i = 0; i < members.size(); ++i) {
    result[i] = static_cast<float>(static_cast<double>(members.size()) * samples_[members[i].value] / all);
  }
  return result;
}

Task<> Server::serve(std::uint64_t round, std::vector<Rank> members, Hub& hub) {
  const double coordinates = static_cast<double>(common_.model->layout().size());
  const Cut cut = hub.cut(Shape::local);
  const Cost packing{.flops = 0, .bytes = 8 * coordinates};
  std::function<Payload()> pack = [this, cut] {
    return pack_vector({.flags = codecs::kFolded}, span_of(replica_->parameters), cut);
  };
  auto model = co_await hub.work<Payload>(Phase::encode, packing, std::move(pack));
  hub.invite(members, weights(members), std::move(model));

  const Step step{.round = round, .learning_rate = common_.rate(round)};
  const auto cohort = static_cast<std::uint32_t>(members.size());
  auto update = co_await method_.cohort_mean(step, cohort, hub);

  const Cost applying{.flops = 0, .bytes = common_.server->facts().bytes_per_parameter * coordinates};
  using Next = std::shared_ptr<const Replica>;
  std::function<Next()> advance = [this, update, round] {
    return std::make_shared<const Replica>(common_.served(*replica_, update.values, round));
  };
  auto next = co_await hub.work<Next>(Phase::apply, applying, std::move(advance));
  replica_ = std::move(next);
  hub.publish(Payload());
}

}  // namespace telegrad::training
