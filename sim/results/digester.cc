#include "sim/results/digester.h"

#include <algorithm>

#include "sim/results/leg.h"

namespace telegrad::results {

void Digester::message(const MessageRecord& record) {
  auto leg = leg_of(record.purpose);
  RoundDigest* digest = of_round(record.round);
  if (leg && digest != nullptr && !record.overheard) {
    RoundDigest::Leg& sums = digest->legs.at(static_cast<std::size_t>(*leg));
    sums.information_bits += record.information_bits;
    sums.serialised_bytes += record.bytes;
  }
  if (record.delivered == kNever) return;
  flights_.emplace_back(record.queued, record.delivered);
  if (!record.overheard) delivered_bytes_ += record.bytes;
  if (record.round < closed_before_) return;  // no part of what its round took
  Open& round = open_[record.round];
  round.trace.activities.push_back(transfer(record.from, record.to, record.queued, record.sent,
                                            record.arrived, record.delivered, leg.value_or(Leg::up)));
  if (leg == Leg::up) round.trace.up.push_back(record);
}

void Digester::span(NodeId node, std::uint64_t round, Phase phase, SimTime from, SimTime to) {
  bool travels = phase == Phase::queue || phase == Phase::air || phase == Phase::closing;
  if (travels || phase == Phase::wait) return;  // of messages, which are told whole
  if (round < closed_before_) return;
  RoundTrace& trace = open_[round].trace;
  trace.activities.push_back(computation(node, phase, from, to));
  if (phase == Phase::gradient) trace.gradients.push_back(to - from);
}

void Digester::round(const RoundRecord& record) {
  Open& round = open_[record.round];
  round.digest.record = record;
  round.ended = true;
  close_before(record.round);  // a message may be settled after its round's end
}

void Digester::evaluated(std::uint64_t round, const Evaluation& evaluation) {
  evaluations_[round] = evaluation;
}

/// Where the bytes of a message of this round count: late ones are settled when their round is long over. nullptr
/// for a round that was over without an end.
RoundDigest* Digester::of_round(std::uint64_t round) {
  if (round >= closed_before_) return &open_[round].digest;
  auto at = std::lower_bound(
      done_.begin(), done_.end(), round,
      [](const RoundDigest& done, std::uint64_t number) { return done.record.round < number; });
  return at != done_.end() && at->record.round == round ? &*at : nullptr;
}

void Digester::close_before(std::uint64_t round) {
  while (!open_.empty() && open_.begin()->first < round) {
    Open& first = open_.begin()->second;
    if (first.ended) {
      first.digest.anatomy = anatomy(std::move(first.trace), first.digest.record, hub_, phy_rate_mbps_);
      done_.push_back(std::move(first.digest));
    }
    open_.erase(open_.begin());
  }
  closed_before_ = std::max(closed_before_, round);
}

/// The time in which any message was under way.
double Digester::busy_s() {
  std::sort(flights_.begin(), flights_.end());
  SimTime busy{};
  SimTime until{};
  for (const auto& [from, to] : flights_) {
    if (to <= until) continue;
    busy += to - std::max(from, until);
    until = to;
  }
  return seconds(busy);
}

Digest Digester::finish() && {
  close_before(~std::uint64_t{0});
  Digest digest;
  for (RoundDigest& round : done_) {
    if (auto at = evaluations_.find(round.record.round); at != evaluations_.end()) {
      round.evaluation = at->second;
    }
  }
  digest.rounds = std::move(done_);
  double busy = busy_s();
  if (busy > 0) digest.goodput_mbps = static_cast<double>(delivered_bytes_) * 8 / busy / 1e6;
  return digest;
}

}  // namespace telegrad::results
