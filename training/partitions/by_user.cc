#include <algorithm>
#include <map>
#include <numeric>
#include <string>

#include "sim/core/errors.h"
#include "training/partitions/partition.h"
#include "training/shuffle.h"

namespace telegrad::training {
namespace {

using User = std::vector<std::uint32_t>;  // its samples

struct Holding {
  std::vector<User> users;
  std::size_t samples = 0;
};

[[noreturn]] void refuse(const std::string& pointer, const std::string& message, const std::string& remedy) {
  throw ScenarioError("", {{pointer, 0, 0, message, remedy}});
}

/// The users that there are, in the order of their numbers.
std::vector<User> users_of(const Shares& shares) {
  std::map<std::uint32_t, User> by_number;
  for (std::uint32_t sample : shares.samples) by_number[shares.users[sample]].push_back(sample);
  std::vector<User> users;
  for (auto& [number, samples] : by_number) users.push_back(std::move(samples));
  return users;
}

void give(Holding& to, User user) {
  to.samples += user.size();
  to.users.push_back(std::move(user));
}

/// Whole users go from whoever has most samples to whoever cannot fill a batch, the smallest first.
void even_out(std::vector<Holding>& holdings, std::uint64_t least) {
  auto fewer = [](const Holding& a, const Holding& b) { return a.samples < b.samples; };
  auto smaller = [](const User& a, const User& b) { return a.size() < b.size(); };
  for (;;) {
    const auto poorest = std::min_element(holdings.begin(), holdings.end(), fewer);
    if (poorest->samples >= least) return;
    Holding* richest = nullptr;
    for (Holding& holding : holdings) {
      if (holding.users.size() < 2 || (richest != nullptr && !fewer(*richest, holding))) continue;
      richest = &holding;
    }
    const bool helps = richest != nullptr && richest->samples > poorest->samples;
    const auto gift = helps ? std::min_element(richest->users.begin(), richest->users.end(), smaller)
                            : std::vector<User>::iterator{};
    if (!helps || richest->samples - gift->size() < std::min<std::size_t>(least, richest->samples)) {
      refuse("/training/batch_size_per_worker",
             "a worker's users have " + std::to_string(poorest->samples) + " samples, a batch has " +
                 std::to_string(least),
             "lower it, or the number of workers, so that each gets more users");
    }
    User moved = std::move(*gift);
    richest->users.erase(gift);
    richest->samples -= moved.size();
    give(*poorest, std::move(moved));
  }
}

Partition deal(const Value&, const Shares& shares, Stream& stream) {
  if (shares.users.empty()) {
    refuse("/training/partition/type", "this dataset does not know whose its samples are",
           "choose leaf, text with \"speakers\": true, or npy with users.npy; or another partition");
  }
  std::vector<User> users = users_of(shares);
  if (users.size() < shares.workers) {
    refuse("/workers",
           std::to_string(shares.workers) + " workers for " + std::to_string(users.size()) +
               " users, expected a user for each worker at least",
           "lower it, or choose another partition");
  }
  shuffle(users, stream);
  std::vector<Holding> holdings(shares.workers);
  for (std::size_t i = 0; i < users.size(); ++i) give(holdings[i % shares.workers], std::move(users[i]));
  even_out(holdings, shares.least);
  Partition parts;
  for (const Holding& holding : holdings) {
    auto& part = parts.emplace_back();
    for (const User& user : holding.users) part.insert(part.end(), user.begin(), user.end());
  }
  return parts;
}

}  // namespace

Entry<Divide> by_user_partition() {
  return {{.name = "by_user",
           .summary = "whole users, shuffled and dealt out in turn; none is split between two workers",
           .source = "Caldas et al. 2018",
           .parameters = {},
           .example = R"({"type": "by_user"})"},
          deal};
}

}  // namespace telegrad::training
