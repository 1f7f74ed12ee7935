#include "sim/core/communication_model.h"

#include <algorithm>
#include <cmath>

#include "sim/core/errors.h"

namespace telegrad {
namespace {

constexpr double kBeyond = 0.1;      // of a size: how far beyond the sizes seen the model is used
constexpr double kLeastShare = 0.1;  // of a message's work is left when it is smaller than the one drawn

}  // namespace

double SampledRound::bytes() const {
  double sum = 0;
  for (const auto& [key, passage] : messages) sum += passage.bytes;
  return sum;
}

double SampledRound::work() const {
  double sum = 0;
  for (const auto& [key, passage] : messages) sum += passage.work;
  return sum;
}

CommunicationModel::Totals::Totals(const SampledRound& round) : duration(round.duration) {
  for (const auto& [key, passage] : round.messages) {
    work += passage.work;
    bytes[key.purpose] += passage.bytes;
  }
}

void CommunicationModel::Mean::add(const Passage& passage) {
  n += 1;
  bytes += (passage.bytes - bytes) / n;
  work += (passage.work - work) / n;
}

/// Neither a byte nor a message without bytes costs less than nothing.
double CommunicationModel::Leg::slope() const {
  if (bytes_bytes <= 0 || mean.bytes <= 0) return 0;
  return std::clamp(bytes_work / bytes_bytes, 0.0, mean.work / mean.bytes);
}

void CommunicationModel::add(SampledRound round) {
  for (const auto& [key, passage] : round.messages) {
    Mean& mean = means_[key];
    const Mean before = mean;
    mean.add(passage);
    Leg& leg = legs_[key.purpose];
    leg.least = leg.mean.n == 0 ? passage.bytes : std::min(leg.least, passage.bytes);
    leg.most = std::max(leg.most, passage.bytes);
    leg.mean.add(passage);
    if (before.n == 0) continue;
    leg.bytes_bytes += (passage.bytes - before.bytes) * (passage.bytes - mean.bytes);
    leg.bytes_work += (passage.bytes - before.bytes) * (passage.work - mean.work);
  }
  totals_.emplace_back(round);
  rounds_.push_back(std::move(round));
}

bool CommunicationModel::covers(const MessageKey& key, double bytes) const {
  if (!means_.contains(key)) return false;
  const Leg& leg = legs_.at(key.purpose);
  return bytes >= leg.least * (1 - kBeyond) && bytes <= leg.most * (1 + kBeyond);
}

bool CommunicationModel::covers(const SampledRound& round) const {
  return std::all_of(round.messages.begin(), round.messages.end(),
                     [this](const auto& message) { return covers(message.first, message.second.bytes); });
}

Passage CommunicationModel::draw(std::size_t pick, const MessageKey& key, double bytes) const {
  for (std::size_t i = 0; i < rounds_.size(); ++i) {
    const auto& messages = rounds_[(pick + i) % rounds_.size()].messages;
    auto found = messages.find(key);
    if (found == messages.end()) continue;
    Passage passage = found->second;
    double work = passage.work + slope(key.purpose) * (bytes - passage.bytes);
    passage.work = std::max(work, kLeastShare * passage.work);
    passage.bytes = bytes;
    return passage;
  }
  expect(false, "a message that the model covers");
  return {};
}

double CommunicationModel::slope(std::string_view purpose) const {
  auto leg = legs_.find(purpose);
  return leg == legs_.end() ? 0 : leg->second.slope();
}

/// What the bytes of a round cost at the prices of their legs, ns.
double CommunicationModel::price(const Totals& round) const {
  double sum = 0;
  for (const auto& [purpose, bytes] : round.bytes) sum += slope(purpose) * bytes;
  return sum;
}

double CommunicationModel::mean() const {
  double sum = 0;
  for (const Totals& round : totals_) sum += round.work;
  return rounds_.empty() ? 0 : sum / static_cast<double>(rounds_.size());
}

double CommunicationModel::mean_duration() const {
  double sum = 0;
  for (const Totals& round : totals_) sum += round.duration;
  return rounds_.empty() ? 0 : sum / static_cast<double>(rounds_.size());
}

double CommunicationModel::expected(const SampledRound& like) const {
  double seen = 0;
  for (const Totals& round : totals_) seen += price(round);
  return mean() + price(Totals(like)) - seen / static_cast<double>(rounds_.size());
}

double CommunicationModel::freedom() const {
  double fitted = 1;
  for (const auto& [purpose, leg] : legs_) fitted += leg.slope() > 0 ? 1 : 0;
  return std::max(0.0, static_cast<double>(rounds_.size()) - fitted);
}

double CommunicationModel::deviation() const {
  if (freedom() < 1) return 0;
  double n = 0;
  double mean = 0;
  double squares = 0;
  for (const Totals& round : totals_) {
    double work = round.work - price(round);
    double before = work - mean;
    mean += before / ++n;
    squares += before * (work - mean);
  }
  return std::sqrt(squares / freedom());
}

}  // namespace telegrad
