#include "sim/core/sampling.h"

#include <algorithm>
#include <cmath>

#include "sim/core/random.h"
#include "sim/core/student.h"

namespace telegrad {
namespace {

constexpr std::uint64_t kWarmUp = 3;        // rounds left out: slow start
constexpr std::uint64_t kLeastSamples = 4;  // before anything is drawn
constexpr std::uint32_t kHeldOut = 2;       // rounds of a burst that are compared
constexpr std::uint32_t kSecondLook = 4;    // more of them where those miss
constexpr std::uint64_t kBurst = kHeldOut + 1;
constexpr std::uint64_t kFresh = 3;  // rounds simulated after one whose sizes are new

double bytes_of(const MessageRecord& message) {
  return static_cast<double>(message.bytes + message.control_bytes);
}

OnAir scaled(const OnAir& bytes, double factor) {
  auto times = [factor](std::uint64_t n) {
    return static_cast<std::uint64_t>(std::llround(static_cast<double>(n) * factor));
  };
  return {times(bytes.up), times(bytes.down), times(bytes.retransmitted_up), times(bytes.retransmitted_down)};
}

OnAir sum(const OnAir& a, const OnAir& b) {
  return {a.up + b.up, a.down + b.down, a.retransmitted_up + b.retransmitted_up,
          a.retransmitted_down + b.retransmitted_down};
}

std::uint64_t samples_of_start(std::uint64_t rounds) {
  return std::max(kLeastSamples, rounds / 2 - std::min(rounds / 2, kWarmUp));
}

std::uint64_t bursts_of(std::uint64_t rounds) {
  std::uint64_t start = kWarmUp + samples_of_start(rounds);
  return std::max<std::uint64_t>(1, (rounds - std::min(rounds, start)) / kBurst);
}

}  // namespace

Sampling::Sampling(const SamplingSettings& settings)
    : settings_(settings), first_samples_(samples_of_start(settings.rounds)),
      bursts_(bursts_of(settings.rounds)) {
  report_.rounds = settings.rounds;
  report_.tolerance = settings.tolerance;
}

bool Sampling::simulates(std::uint64_t round) const {
  if (starting_ || report_.gave_up_after || round <= fresh_until_) return true;
  return burst_ && round >= *burst_;
}

MessageKey Sampling::enter(const MessageRecord& message) {
  Open& open = open_[message.round];
  ++open.under_way;
  MessageKey key{message.from, message.to, message.channel, message.purpose, 0};
  key.order = open.sent[key]++;
  return key;
}

std::optional<Passage> Sampling::draw(const MessageKey& key, const MessageRecord& message) {
  const double bytes = bytes_of(message);
  if (!model_.covers(key, bytes)) {
    fresh_until_ = message.round + kFresh;
    return std::nullopt;
  }
  Open& open = open_[message.round];
  if (!open.pick) {
    Stream stream({.seed = settings_.seed,
                   .purpose = Purpose::fast_forward,
                   .node = 0,
                   .round = static_cast<std::uint32_t>(message.round),
                   .tensor = 0});
    open.pick = stream.below(model_.size());
  }
  open.drawn_bytes += bytes;
  return model_.draw(*open.pick, key, bytes);
}

void Sampling::drawn(const MessageRecord& message) {
  if (auto open = open_.find(message.round); open != open_.end()) --open->second.under_way;
}

void Sampling::simulated(const MessageKey& key, const MessageRecord& message, const Passage& passage) {
  auto open = open_.find(message.round);
  if (open == open_.end()) return;
  --open->second.under_way;
  open->second.simulated.messages.emplace(key, passage);
  if (message.outcome != Outcome::delivered) open->second.spoiled = true;
}

void Sampling::close(RoundRecord& round) {
  Open open = std::move(open_[round.round]);
  open_.erase(round.round);
  const auto duration = static_cast<double>((round.end - round.begin).count());
  if (open.pick) {
    ++report_.fast_forwarded;
    drawn_duration_ += duration;
    return mark(round, open);
  }
  ++report_.simulated;
  const bool complete = open.under_way == 0 && !open.spoiled && !open.simulated.messages.empty();
  if (!complete || report_.gave_up_after) return;
  open.simulated.on_air = round.on_air;
  open.simulated.duration = duration;
  learn(round.round, std::move(open.simulated));
}

void Sampling::mark(RoundRecord& round, const Open& open) const {
  round.fast_forwarded = true;
  const SampledRound& model = model_[*open.pick];
  if (!round.on_air || !model.on_air) return;
  OnAir drawn = scaled(*model.on_air, open.drawn_bytes / std::max(1.0, model.bytes()));
  const bool wholly = open.simulated.messages.empty() && open.under_way == 0;
  round.on_air = wholly ? drawn : sum(*round.on_air, drawn);
}

void Sampling::learn(std::uint64_t round, SampledRound simulated) {
  if (round <= kWarmUp) return;
  if (starting_) {
    model_.add(std::move(simulated));
    if (model_.size() < first_samples_ || !within_tolerance()) return;
    starting_ = false;
    started_ = round;
    return plan(round);
  }
  if (burst_ == round) return;
  const bool held_out = burst_ && round > *burst_ && model_.covers(simulated);
  if (held_out) compare(simulated);
  model_.add(std::move(simulated));
  if (!held_out || --held_out_left_ > 0) return;
  if (!misses()) {
    suspected_ = false;
    return plan(round);
  }
  if (suspected_) report_.gave_up_after = round;
  suspected_ = true;
  held_out_left_ = kSecondLook;
}

bool Sampling::within_tolerance() const {
  const double freedom = model_.freedom();
  if (freedom < 1) return false;
  const std::uint64_t to_come = settings_.last_round ? kHeldOut * bursts_ : 0;
  const double half = student_quantile(Confidence::percent_95, freedom) * model_.deviation() /
                      std::sqrt(static_cast<double>(model_.size() + to_come));
  return half <= settings_.tolerance * model_.mean_duration();
}

void Sampling::compare(const SampledRound& held_out) {
  const double deviation = model_.deviation();
  held_out_.difference += held_out.work() - model_.expected(held_out);
  held_out_.duration += held_out.duration;
  held_out_.variance += deviation * deviation * (1 + 1 / static_cast<double>(model_.size()));
}

bool Sampling::misses() const {
  const double difference = std::abs(held_out_.difference);
  const double chance = student_quantile(Confidence::percent_99, std::max(1.0, model_.freedom())) *
                        std::sqrt(held_out_.variance);
  return difference > settings_.tolerance * held_out_.duration && difference > chance;
}

void Sampling::plan(std::uint64_t after) {
  burst_.reset();
  held_out_left_ = kHeldOut;
  if (!settings_.last_round) {
    burst_ = 2 * after;
  } else if (bursts_done_<bursts_&& * settings_.last_round> started_) {
    std::uint64_t stretch = *settings_.last_round - started_;
    burst_ = std::max(after + 1, started_ + ++bursts_done_ * stretch / (bursts_ + 1));
  }
}

SamplingReport Sampling::report() const {
  SamplingReport report = report_;
  if (held_out_.duration > 0) report.held_out_error = held_out_.difference / held_out_.duration;
  if (drawn_duration_ <= 0 || model_.freedom() < 1) return report;
  // The model's mean is uncertain by its rounds; those drawn and those that the full run has, by their number.
  const auto drawn = static_cast<double>(report.fast_forwarded);
  const double rounds = 1 / static_cast<double>(model_.size()) + 2 / drawn;
  report.interval = student_quantile(Confidence::percent_95, model_.freedom()) * model_.deviation() *
                    std::sqrt(rounds) * drawn / drawn_duration_;
  return report;
}

}  // namespace telegrad
