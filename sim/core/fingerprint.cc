#include "sim/core/fingerprint.h"

#include <bit>
#include <cstdio>

namespace telegrad {

void Fingerprint::add(std::uint64_t word) {  // FNV-1a over eight bytes
  for (int shift = 0; shift < 64; shift += 8) {
    hash_ ^= (word >> shift) & 0xff;
    hash_ *= 0x100000001b3;
  }
}

void Fingerprint::add(double number) { add(std::bit_cast<std::uint64_t>(number)); }

void Fingerprint::message(const MessageRecord& record) {
  add(record.round);
  add(std::uint64_t{record.from.value} << 32 | record.to.value);
  add(record.bytes);
  add(record.control_bytes);
  add(std::uint64_t{record.blocks} << 32 | record.lost_blocks);
  add(record.queued);
  add(record.sent);
  add(record.arrived);
  add(record.delivered);
}

void Fingerprint::round(const RoundRecord& record) {
  add(record.round);
  add(record.end);
  add(record.train_loss);
  add(std::uint64_t{record.participants});
}

void Fingerprint::evaluated(std::uint64_t round, const Evaluation& evaluation) {
  add(round);
  for (const auto& number : {evaluation.validation_accuracy, evaluation.validation_loss,
                             evaluation.test_accuracy, evaluation.test_loss}) {
    add(number.value_or(-1.0));
  }
}

std::string Fingerprint::text() const {
  char digits[17];
  std::snprintf(digits, sizeof digits, "%016llx", static_cast<unsigned long long>(hash_));
  return digits;
}

void Observers::message(const MessageRecord& record) {
  for (Observer* observer : all_) observer->message(record);
}

void Observers::span(NodeId node, std::uint64_t round, Phase phase, SimTime from, SimTime to) {
  for (Observer* observer : all_) observer->span(node, round, phase, from, to);
}

void Observers::round(const RoundRecord& record) {
  for (Observer* observer : all_) observer->round(record);
}

void Observers::operation(NodeId node, const Operation& operation) {
  for (Observer* observer : all_) observer->operation(node, operation);
}

void Observers::evaluated(std::uint64_t round, const Evaluation& evaluation) {
  for (Observer* observer : all_) observer->evaluated(round, evaluation);
}

void Observers::contribution(const ContributionRecord& record) {
  for (Observer* observer : all_) observer->contribution(record);
}

}  // namespace telegrad
