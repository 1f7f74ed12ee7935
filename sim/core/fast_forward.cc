#include "sim/core/fast_forward.h"

namespace telegrad {
namespace {

double share_of(SimTime from, SimTime at, SimTime to) {
  return at == kNever || to <= from
             ? 0.0
             : static_cast<double>((at - from).count()) / static_cast<double>((to - from).count());
}

SimTime share_in(SimTime from, double share, SimTime to) {
  return from + SimTime{static_cast<std::int64_t>(share * static_cast<double>((to - from).count()))};
}

}  // namespace

Network::FastForward::FastForward(Network& network, const SamplingSettings& settings,
                                  SharedTime::Medium medium)
    : Waiter(network), sampling_(settings), simulated_time_(medium), drawn_time_(medium) {}

bool Network::FastForward::takes(std::uint64_t id, MessageRecord& message) {
  const bool silent = watched_.empty() && carried_.empty();
  if (silent) drawing_ = !sampling_.simulates(message.round);
  if (silent && drawing_ && !network_.frozen_) network_.freeze();
  MessageKey key = sampling_.enter(message);
  std::optional<Passage> passage;
  if (drawing_) passage = sampling_.draw(key, message);
  if (!passage && network_.frozen_) network_.thaw();
  message.fast_forwarded = passage.has_value();
  if (passage) {
    message.control_bytes += passage->framing;
    carry(id, *passage);
  } else {
    watched_.emplace(id, Watched{key, message.control_bytes, simulated_time_.join(network_.now())});
  }
  return message.fast_forwarded;
}

void Network::FastForward::carry(std::uint64_t id, const Passage& passage) {
  const double due = drawn_time_.join(network_.now()) + passage.work;
  carried_.push({due, id, passage.sent, passage.arrived});
  wait_for_next();
}

void Network::FastForward::wait_for_next() { arm(drawn_time_.when(carried_.top().due)); }

void Network::FastForward::woken() {
  const SimTime now = network_.now();
  drawn_time_.at(now);
  while (!carried_.empty() && drawn_time_.reached(carried_.top().due)) {
    const Carried next = carried_.top();
    carried_.pop();
    drawn_time_.leave(now);
    MessageRecord& record = network_.flights_.at(next.id).record;
    record.sent = share_in(record.queued, next.sent, now);
    record.arrived = share_in(record.queued, next.arrived, now);
    network_.deliver(next.id, {}, false);
    network_.settle(next.id, Outcome::delivered);
  }
  if (!carried_.empty()) wait_for_next();
}

void Network::FastForward::settled(std::uint64_t id, const MessageRecord& message) {
  auto watched = watched_.find(id);
  if (watched == watched_.end()) return sampling_.drawn(message);
  const Watched was = watched->second;
  watched_.erase(watched);
  const double work = simulated_time_.leave(network_.now()) - was.joined;
  const double sent = share_of(message.queued, message.sent, message.delivered);
  const double arrived = share_of(message.queued, message.arrived, message.delivered);
  const auto bytes = static_cast<double>(message.bytes + was.control_bytes);
  sampling_.simulated(was.key, message,
                      {bytes, work, sent, arrived, message.control_bytes - was.control_bytes});
}

}  // namespace telegrad
