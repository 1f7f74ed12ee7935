#include "sim/exchanges/star_hub.h"

#include <algorithm>

#include "sim/core/errors.h"
#include "sim/exchanges/star_worker.h"

namespace telegrad::exchanges {
namespace {

/// What results say of a contribution that came late.
Fate fate_of(Late late) {
  switch (late) {
    case Late::dropped: return Fate::dropped;
    case Late::returned: return Fate::returned;
    case Late::deferred: return Fate::deferred;
  }
  return Fate::missing;
}

/// What its worker is told at the close, before it has come.
Verdict::Kind verdict_of(Late late) {
  switch (late) {
    case Late::dropped: return Verdict::Kind::dropped;
    case Late::returned: return Verdict::Kind::none;
    case Late::deferred: return Verdict::Kind::deferred;
  }
  return Verdict::Kind::none;
}

}  // namespace

StarHub::StarHub(const Host& host, std::uint32_t workers, const Wait& wait, Replicas replicas)
    : Hub(host, NodeId{workers}), down_(host.network, NodeId{workers}, workers, replicas),
      shares_arrive_(host.network.facts().reliable || replicas == Replicas::resync), wait_(wait),
      members_(workers), invited_(workers) {
  expect(wait.window > 0 && wait.quorum <= workers && wait.backup < workers, "a window, and enough workers");
}

Cut StarHub::cut(Shape) const {
  std::uint32_t limit = ~0u;
  for (std::uint32_t i = 0; i < members_.size(); ++i) {
    limit = std::min(limit, host_.network.limit(node(), NodeId{i}, Leg::down));
  }
  return {limit, 1};
}

void StarHub::invite(std::span<const Rank> chosen, std::span<const float> weights, Payload model) {
  tell(Operation(Operation::Kind::invite, model));
  for (Member& member : members_) member.invited = false;
  invited_ = static_cast<std::uint32_t>(chosen.size());
  Invitation invitation{.round = round(), .cohort = invited_, .model = {}};
  std::vector<Letter> letters;
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    Member& member = members_.at(chosen[i].value);
    member.invited = true;
    invitation.weight = weights[i];
    letters.emplace_back(chosen[i], member.operation++, encode(invitation));
  }
  down_.send(Word::result, model, std::move(letters), Label{round(), "invite down"});
}

Task<std::vector<Part>> StarHub::collect() {
  tell(Operation(Operation::Kind::collect));
  const SimTime opened = network().now();
  const SimTime deadline = wait_.deadline < kNever - opened ? opened + wait_.deadline : kNever;
  const std::uint32_t enough = wait_.enough(invited_);
  arrived_ = 0;
  first_ = kNever;
  while (arrived_ < invited_) {
    const SimTime closes = arrived_ >= enough ? deadline : kNever;
    if (closes <= network().now()) break;
    auto who = [this] { return missing(); };
    const Tag mailbox{0, 0, kUp};
    auto delivery = co_await network().receive(node(), mailbox, closes, who);
    if (delivery.has_value()) take(std::move(*delivery));
  }
  if (const SimTime from = std::max(opened, first_); from < network().now()) {
    host_.observer.span(node(), round(), Phase::wait, from, network().now());
  }
  closed_ = network().now();
  punctual_.clear();
  std::vector<Part> parts = std::exchange(late_, {});
  for (std::uint32_t i = 0; i < members_.size(); ++i) {
    if (!members_[i].contribution) continue;
    punctual_.push_back(Rank{i});
    parts.emplace_back(Rank{i}, *members_[i].contribution, 0u);
  }
  auto before = [](const Part& a, const Part& b) {
    return a.rank != b.rank ? a.rank < b.rank : a.age > b.age;
  };
  std::sort(parts.begin(), parts.end(), before);
  contributions_ = static_cast<std::uint32_t>(parts.size());
  co_return parts;
}

void StarHub::take(Delivery delivery) {
  const Rank from{delivery.from.value};
  Member& member = members_.at(from.value);
  down_.settled(from, delivery.tag.operation);
  if (delivery.tag.operation == member.operation) {
    expect(member.invited && !member.contribution, "one contribution of an invited worker");
    member.contribution = std::move(delivery.payload);
    member.arrived = delivery.at;
    first_ = std::min(first_, delivery.at);
    ++arrived_;
    return;
  }
  expect(delivery.tag.operation < member.operation, "no contribution comes before its operation");
  auto missed = member.missed.extract(delivery.tag.operation);
  expect(!missed.empty(), "what comes late was missed");
  host_.observer.contribution({.node = delivery.from,
                               .round = missed.mapped().round,
                               .operation = delivery.tag.operation,
                               .fate = fate_of(wait_.late),
                               .arrived = delivery.at,
                               .closed = missed.mapped().closed});
  if (wait_.late != Late::deferred) return;  // it has its verdict
  auto age = static_cast<std::uint32_t>(member.operation - delivery.tag.operation);
  notify(member, judge(delivery.tag.operation, delivery.payload));
  late_.emplace_back(from, std::move(delivery.payload), age);
}

void StarHub::notify(Member& member, Verdict verdict) {
  member.notices.push_back({std::move(verdict), wait_.window});
}

/// A verdict is repeated in `window` answers, so that losing one does no harm.
Answer StarHub::answer_to(Member& member) const {
  Answer answer{invited_, {}};
  for (Notice& notice : member.notices) {
    answer.verdicts.push_back(notice.verdict);
    --notice.answers;
  }
  std::erase_if(member.notices, [](const Notice& notice) { return notice.answers == 0; });
  return answer;
}

/// One worker's contribution to the collection that was closed.
void StarHub::close(std::uint32_t rank) {
  Member& member = members_[rank];
  ContributionRecord record{NodeId{rank}, round(), member.operation, Fate::missing, kNever, closed_};
  if (member.contribution) {
    record.arrived = member.arrived;
    record.fate = member.contribution->whole() ? Fate::applied : Fate::partly;
    notify(member, judge(member.operation, *member.contribution));
  } else {
    notify(member, Verdict{member.operation, verdict_of(wait_.late), {}});
    member.missed.emplace(member.operation, Missed{round(), closed_});
  }
  host_.observer.contribution(record);
  member.contribution.reset();
}

void StarHub::publish(Payload merged) {
  tell(Operation(Operation::Kind::publish, merged));
  std::vector<Letter> letters;
  for (std::uint32_t i = 0; i < members_.size(); ++i) {
    Member& member = members_[i];
    if (!member.invited) continue;
    close(i);
    letters.emplace_back(Rank{i}, member.operation, encode(answer_to(member)));
    ++member.operation;
  }
  down_.send(Word::result, merged, std::move(letters), Label{round(), "down"});
}

Task<Payload> StarHub::share(Rank origin, Payload payload) {
  tell(Operation(Operation::Kind::share, payload, origin));
  Block verdict;  // for the origin, where blocks can be lost
  if (origin != hub_rank) {
    auto who = [origin] { return "what worker " + std::to_string(origin.value) + " shares"; };
    Tag tag{0, members_.at(origin.value).operation, kShareUp};
    auto delivery = co_await network().receive(node(), tag, kNever, who);
    down_.settled(origin, tag.operation);
    std::vector<bool> kept;
    for (const Block& block : delivery->payload.blocks()) kept.push_back(!block.lost);
    payload = delivery->payload.whole() ? delivery->payload : delivery->payload.only(kept);
    Answer answer{invited_, {}};
    answer.verdicts.push_back(judge(tag.operation, delivery->payload));
    verdict = encode(answer);
  }
  std::vector<Letter> letters;
  for (std::uint32_t i = 0; i < members_.size(); ++i) {
    std::uint64_t operation = members_[i].operation++;
    if (Rank{i} != origin) {
      letters.emplace_back(Rank{i}, operation, Block());
    } else if (!shares_arrive_) {
      down_.send(Word::shared, Payload(), std::vector<Letter>(1, Letter(origin, operation, verdict)),
                 Label{round(), "share down"});
    }
  }
  down_.send(Word::shared, payload, std::move(letters), Label{round(), "share down"});
  co_return payload;
}

std::string StarHub::missing() const {
  std::string text = "contributions of worker";
  std::uint32_t named = 0;
  for (std::uint32_t i = 0; i < members_.size(); ++i) {
    if (!members_[i].invited || members_[i].contribution) continue;
    text += (named++ == 0 ? " " : ", ") + std::to_string(i) + " (operation " +
            std::to_string(members_[i].operation) + ")";
    if (named == 8) return text + ", ...";
  }
  return text;
}

}  // namespace telegrad::exchanges
