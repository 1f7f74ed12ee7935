#include "sim/results/rows.h"

namespace telegrad::results {
namespace {

std::optional<std::int64_t> nanoseconds(SimTime time) {
  return time == kNever ? std::nullopt : std::optional<std::int64_t>(time.count());
}

}  // namespace

Rows::Rows(Database& database)
    : database_(database),
      message_(database.prepare(
          "INSERT INTO message VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")),
      span_(database.prepare("INSERT INTO span VALUES (?, ?, ?, ?, ?)")),
      round_(database.prepare(
          "INSERT INTO round VALUES (?, ?, ?, ?, NULL, NULL, NULL, NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")),
      evaluation_(
          database.prepare("UPDATE round SET validation_accuracy = ?, test_accuracy = ?, validation_loss = ?,"
                           " test_loss = ? WHERE round = ?")),
      contribution_(database.prepare("INSERT OR REPLACE INTO contribution VALUES (?, ?, ?, ?, ?, ?)")),
      refresh_(database.prepare("UPDATE round SET up_information_bits = ?, up_serialised_bytes = ?,"
                                " up_control_bytes = ?, down_information_bits = ?, down_serialised_bytes = ?,"
                                " down_control_bytes = ? WHERE round = ?")) {}

void Rows::store(const std::vector<Row>& batch) {
  Transaction transaction(database_);
  for (const Row& row : batch) {
    std::visit([this](const auto& what) { store(what); }, row);
  }
  refresh();
  transaction.commit();
}

void Rows::store(const MessageRecord& message) {
  message_.run(message.from.value, message.to.value, message.round, message.purpose, message.channel,
               message.blocks, message.lost_blocks, message.bytes, message.control_bytes,
               nanoseconds(message.queued), nanoseconds(message.sent), nanoseconds(message.arrived),
               nanoseconds(message.delivered), to_string(message.outcome),
               std::int64_t{message.fast_forwarded}, std::int64_t{message.overheard});
  auto leg = leg_of(message.purpose);
  if (!leg || message.overheard) return;
  Sums& sums = sums_[message.round];
  Bytes& bytes = sums.legs[static_cast<std::size_t>(*leg)];
  bytes.information_bits += message.information_bits;
  bytes.serialised += message.bytes;
  bytes.control += message.control_bytes;
  if (sums.written && !sums.stale) {
    sums.stale = true;
    stale_.push_back(message.round);
  }
}

void Rows::store(const SpanRow& span) {
  span_.run(span.node.value, span.round, to_string(span.phase), nanoseconds(span.begin),
            nanoseconds(span.end));
}

void Rows::store(const RoundRecord& round) {
  Sums& sums = sums_[round.round];
  sums.written = true;
  const auto& [up, down] = sums.legs;
  std::optional<std::uint64_t> up_on_air;
  std::optional<std::uint64_t> down_on_air;
  if (round.on_air) {
    up_on_air = round.on_air->up;
    down_on_air = round.on_air->down;
  }
  round_.run(round.round, seconds(round.begin), seconds(round.end), round.train_loss, round.participants,
             up.information_bits, up.serialised, up.control, up_on_air, down.information_bits,
             down.serialised, down.control, down_on_air, std::int64_t{round.fast_forwarded});
}

void Rows::store(const EvaluationRow& row) {
  const Evaluation& model = row.evaluation;
  evaluation_.run(model.validation_accuracy, model.test_accuracy, model.validation_loss, model.test_loss,
                  row.round);
}

void Rows::store(const ContributionRecord& contribution) {
  contribution_.run(contribution.node.value, contribution.operation, contribution.round,
                    to_string(contribution.fate), nanoseconds(contribution.arrived),
                    nanoseconds(contribution.closed));
}

void Rows::refresh() {
  for (std::uint64_t round : stale_) {
    Sums& sums = sums_[round];
    const auto& [up, down] = sums.legs;
    refresh_.run(up.information_bits, up.serialised, up.control, down.information_bits, down.serialised,
                 down.control, round);
    sums.stale = false;
  }
  stale_.clear();
}

}  // namespace telegrad::results
