#include "training/learning/server.h"

#include <ATen/ops/mul.h>

#include <algorithm>

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

/// What the mean over those that came lacks where weights differ. With feedback it lacks nothing: what the others know
/// comes later.
double Server::missing_weight(std::span<const Rank> members, std::span<const Rank> came) const {
  if (samples_.empty() || came.empty() || method_.encoder(0)->feedback()) return 1;
  const std::vector<float> all = weights(members);
  double sum = 0;
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (std::find(came.begin(), came.end(), members[i]) != came.end()) sum += all[i];
  }
  return sum > 0 ? static_cast<double>(came.size()) / sum : 1;
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

  const double whole = missing_weight(members, hub.punctual());

  const Cost applying{.flops = 0, .bytes = common_.server->facts().bytes_per_parameter * coordinates};
  using Next = std::shared_ptr<const Replica>;
  std::function<Next()> advance = [this, update, round, whole] {
    const at::Tensor mean = whole == 1 ? update.values : update.values.mul(whole);
    return std::make_shared<const Replica>(common_.served(*replica_, mean, round));
  };
  auto next = co_await hub.work<Next>(Phase::apply, applying, std::move(advance));
  replica_ = std::move(next);
  hub.publish(Payload());
}

}  // namespace telegrad::training
