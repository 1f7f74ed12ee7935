// The mail half of Network: flights, deliveries, mailboxes.

#include <algorithm>

#include "sim/core/errors.h"
#include "sim/core/fast_forward.h"
#include "sim/core/network.h"

namespace telegrad {
namespace {

Tag box_of(Tag tag) {
  if ((tag.step & kAnyOperation) != 0) tag.operation = 0;
  return tag;
}

}  // namespace

std::size_t Network::BoxHash::operator()(const BoxKey& key) const noexcept {
  std::uint64_t hash = key.tag.operation * 0x9e3779b97f4a7c15;
  hash ^= (std::uint64_t{key.node.value} << 32 | key.tag.channel << 8) + key.tag.step;
  hash *= 0xff51afd7ed558ccd;
  return hash ^ (hash >> 32);
}

void Network::post(Message message) { launch(std::move(message), nullptr); }

Network::Flight& Network::take_off(const Message& message, std::size_t receiver, std::uint64_t id) {
  Flight& flight = flights_[id];
  flight.record = MessageRecord{.from = message.from,
                                .to = message.to[receiver],
                                .round = message.about.round,
                                .purpose = message.about.purpose,
                                .channel = message.tag.channel,
                                .blocks = static_cast<std::uint32_t>(message.payload.blocks().size()),
                                .bytes = message.payload.bytes(),
                                .information_bits = message.payload.information_bits(),
                                .control_bytes = message.control.size,
                                .queued = now()};
  flight.tag = message.tag;
  if (!message.operations.empty()) flight.tag.operation = message.operations.at(receiver);
  flight.payload = message.payload;
  flight.control = message.control;
  return flight;
}

std::vector<std::uint64_t> Network::launch(Message message, Sending* sender) {
  std::vector<std::uint64_t> ids;
  std::vector<Transmission> copies;
  if (sender != nullptr) ids.reserve(message.to.size());
  for (std::size_t receiver = 0; receiver < message.to.size(); ++receiver) {
    expect(message.to[receiver] != message.from, "a message goes to another node");
    std::uint64_t id = next_flight_++;
    if (sender != nullptr) ids.push_back(id);
    Flight& flight = take_off(message, receiver, id);
    flight.sender = sender;
    if (fast_forward_ && fast_forward_->takes(id, flight.record)) continue;
    copies.push_back({id, message.from, message.to[receiver], flight.tag, message.payload, message.control,
                      message.leg, message.about.round});
  }
  if (copies.size() == 1) {
    transmit(std::move(copies.front()));
  } else if (!copies.empty()) {
    transmit_to_all(std::move(copies));
  }
  return ids;
}

void Network::transmit_to_all(std::vector<Transmission> copies) {
  for (Transmission& copy : copies) transmit(std::move(copy));
}

void Network::overheard(std::uint64_t id) {
  if (auto at = flights_.find(id); at != flights_.end()) at->second.record.overheard = true;
}

void Network::forget(const std::vector<std::uint64_t>& flights) {
  for (std::uint64_t id : flights) {
    if (auto at = flights_.find(id); at != flights_.end()) at->second.sender = nullptr;
  }
}

void Network::started(std::uint64_t id, SimTime when) {
  auto at = flights_.find(id);
  if (at != flights_.end() && at->second.record.sent == kNever) at->second.record.sent = when + skipped_;
}

void Network::arrived(std::uint64_t id) {
  progress();
  auto at = flights_.find(id);
  if (at != flights_.end() && !at->second.delivered) at->second.record.arrived = now();
}

void Network::charge_control(std::uint64_t id, std::uint64_t bytes) {
  if (auto at = flights_.find(id); at != flights_.end()) at->second.record.control_bytes += bytes;
}

void Network::deliver(std::uint64_t id, const std::vector<bool>& lost, bool control_lost) {
  auto at = flights_.find(id);
  if (at == flights_.end() || at->second.delivered) return;
  Flight& flight = at->second;
  flight.delivered = true;
  flight.record.delivered = now();
  flight.record.lost_blocks = static_cast<std::uint32_t>(std::count(lost.begin(), lost.end(), true));
  Block control = flight.control;
  if (control_lost) {
    control = Block::sized(control.size);
    control.lost = true;
  }
  hand_over(Delivery{flight.record.from, flight.tag, flight.payload.without(lost), std::move(control), now()},
            flight.record.to);
}

void Network::settle(std::uint64_t id, Outcome outcome) {
  auto at = flights_.find(id);
  expect(at != flights_.end(), "a transmission is settled once");
  Flight flight = std::move(at->second);
  flights_.erase(at);
  flight.record.outcome = outcome;
  if (fast_forward_) fast_forward_->settled(id, flight.record);
  const bool arrived = outcome == Outcome::delivered || outcome == Outcome::partial;
  if (arrived && flight.record.bytes > 0) {
    links_[{flight.record.from, flight.record.to}].add(static_cast<double>(flight.record.bytes),
                                                       seconds(now() - flight.record.queued));
  }
  if (flight.sender != nullptr) flight.sender->settled(outcome);
  try {
    record(flight);
  } catch (...) {
    fail(std::current_exception());
  }
}

LinkEstimate Network::link(NodeId from, NodeId to) const {
  auto at = links_.find({from, to});
  return at == links_.end() ? LinkEstimate() : at->second;
}

void Network::record(const Flight& flight) {
  const MessageRecord& record = flight.record;
  observer_.message(record);
  auto span = [&](Phase phase, SimTime from, SimTime to) {
    if (from != kNever && to != kNever && to > from) {
      observer_.span(record.from, record.round, phase, from, to);
    }
  };
  SimTime last = record.arrived == kNever ? record.sent : record.arrived;
  span(Phase::queue, record.queued, record.sent);
  span(Phase::air, record.sent, last);
  span(Phase::closing, last, record.delivered);
}

void Network::hand_over(Delivery delivery, NodeId to) {
  progress();
  auto retired = retired_.find({to, delivery.tag.channel});
  if (retired != retired_.end() && delivery.tag.operation < retired->second) return;
  Mailbox& box = mailboxes_[BoxKey{to, box_of(delivery.tag)}];
  if (box.waiting != nullptr) {
    box.waiting->accept(std::move(delivery));
  } else {
    box.mail.push_back(std::move(delivery));
  }
}

std::optional<Delivery> Network::take_mail(NodeId node, Tag tag) {
  auto at = mailboxes_.find(BoxKey{node, box_of(tag)});
  if (at == mailboxes_.end() || at->second.mail.empty()) return std::nullopt;
  std::optional<Delivery> next(std::move(at->second.mail.front()));
  at->second.mail.pop_front();
  if (at->second.mail.empty() && at->second.waiting == nullptr) mailboxes_.erase(at);
  return next;
}

bool Network::has_mail(NodeId node, Tag tag) const {
  auto at = mailboxes_.find(BoxKey{node, box_of(tag)});
  return at != mailboxes_.end() && !at->second.mail.empty();
}

void Network::park(Receive* receive) {
  Mailbox& box = mailboxes_[BoxKey{receive->node_, box_of(receive->tag_)}];
  expect(box.waiting == nullptr, "one receiver for a mailbox");
  box.waiting = receive;
}

void Network::unpark(Receive* receive) {
  auto at = mailboxes_.find(BoxKey{receive->node_, box_of(receive->tag_)});
  expect(at != mailboxes_.end() && at->second.waiting == receive, "a parked receiver is in its mailbox");
  at->second.waiting = nullptr;
  if (at->second.mail.empty()) mailboxes_.erase(at);
}

void Network::retire(NodeId node, std::uint32_t channel, std::uint64_t below) {
  retired_[{node, channel}] = below;
  for (auto at = mailboxes_.begin(); at != mailboxes_.end();) {
    auto& [key, box] = *at;
    if (key.node == node && key.tag.channel == channel) {
      std::erase_if(box.mail, [&](const Delivery& mail) { return mail.tag.operation < below; });
    }
    at = box.mail.empty() && box.waiting == nullptr ? mailboxes_.erase(at) : std::next(at);
  }
}

}  // namespace telegrad
