#include "sim/results/digest.h"

#include <functional>

#include "sim/results/stored_object.h"

namespace telegrad::results {
namespace {

using Round = RoundDigest;

std::int64_t whole(std::uint64_t value) { return static_cast<std::int64_t>(value); }

/// A quantity of a round: how it is written, and how it is read back. Null: not measured.
enum class Kind { whole, real };
struct Column {
  const char* name;
  Kind kind;
  std::function<Value(const Round&)> get;
  std::function<void(Round&, const Value&)> set;
};

template <class Member>
Column time_column(const char* name, Member member) {
  return {name, Kind::whole,
          [member](const Round& round) { return Value(std::int64_t{member(round).count()}); },
          [member](Round& round, const Value& value) { member(round) = SimTime{value.integer()}; }};
}

template <class Member>
Column count_column(const char* name, Member member) {
  return {name, Kind::whole, [member](const Round& round) { return Value(whole(member(round))); },
          [member](Round& round, const Value& value) {
            using Count = std::decay_t<decltype(member(round))>;
            member(round) = static_cast<Count>(value.integer());
          }};
}

Column optional_column(const char* name, std::optional<double> Evaluation::*member) {
  return {name, Kind::real,
          [member](const Round& round) {
            const auto& number = round.evaluation.*member;
            return number ? Value(*number) : Value();
          },
          [member](Round& round, const Value& value) { round.evaluation.*member = value.number(); }};
}

Column on_air_column(const char* name, std::uint64_t OnAir::*member) {
  return {name, Kind::whole,
          [member](const Round& round) {
            return round.record.on_air ? Value(whole((*round.record.on_air).*member)) : Value();
          },
          [member](Round& round, const Value& value) {
            if (!round.record.on_air) round.record.on_air = OnAir{};
            (*round.record.on_air).*member = static_cast<std::uint64_t>(value.integer());
          }};
}

Column part_column(const char* name, SimTime Anatomy::*member) {
  return {name, Kind::whole,
          [member](const Round& round) {
            return round.anatomy ? Value(std::int64_t{((*round.anatomy).*member).count()}) : Value();
          },
          [member](Round& round, const Value& value) {
            if (!round.anatomy) round.anatomy = Anatomy{};
            (*round.anatomy).*member = SimTime{value.integer()};
          }};
}

#define TELEGRAD_MEMBER(what) \
  [](auto& round) -> auto& { return round.what; }
const std::vector<Column>& columns() {
  static const std::vector<Column> all = {
      count_column("round", TELEGRAD_MEMBER(record.round)),
      time_column("begin_ns", TELEGRAD_MEMBER(record.begin)),
      time_column("end_ns", TELEGRAD_MEMBER(record.end)),
      {"train_loss", Kind::real, [](const Round& round) { return Value(round.record.train_loss); },
       [](Round& round, const Value& value) { round.record.train_loss = value.number(); }},
      count_column("participants", TELEGRAD_MEMBER(record.participants)),
      count_column("up_information_bits", TELEGRAD_MEMBER(legs[0].information_bits)),
      count_column("up_serialised_bytes", TELEGRAD_MEMBER(legs[0].serialised_bytes)),
      count_column("down_information_bits", TELEGRAD_MEMBER(legs[1].information_bits)),
      count_column("down_serialised_bytes", TELEGRAD_MEMBER(legs[1].serialised_bytes)),
      {"fast_forwarded", Kind::whole,
       [](const Round& round) { return Value(std::int64_t{round.record.fast_forwarded}); },
       [](Round& round, const Value& value) { round.record.fast_forwarded = value.integer() != 0; }},
      on_air_column("up_on_air_bytes", &OnAir::up),
      on_air_column("down_on_air_bytes", &OnAir::down),
      on_air_column("up_retransmitted_bytes", &OnAir::retransmitted_up),
      on_air_column("down_retransmitted_bytes", &OnAir::retransmitted_down),
      optional_column("validation_accuracy", &Evaluation::validation_accuracy),
      optional_column("validation_loss", &Evaluation::validation_loss),
      optional_column("test_accuracy", &Evaluation::test_accuracy),
      optional_column("test_loss", &Evaluation::test_loss),
      part_column("compute_ns", &Anatomy::compute),
      part_column("straggler_ns", &Anatomy::straggler),
      part_column("encode_ns", &Anatomy::encode),
      part_column("queueing_ns", &Anatomy::queueing),
      part_column("air_ns", &Anatomy::air),
      part_column("retransmission_ns", &Anatomy::retransmission),
      part_column("closing_ns", &Anatomy::closing),
      part_column("downlink_ns", &Anatomy::downlink),
      part_column("decode_ns", &Anatomy::decode),
  };
  return all;
}
#undef TELEGRAD_MEMBER

Value optional(const std::optional<double>& number) { return number ? Value(*number) : Value(); }

/// Lists of equal length, one for each column.
std::vector<Round> read_rounds(const StoredObject& in) {
  std::vector<Round> all(in.items(columns().front().name).size());
  for (const Column& column : columns()) {
    const Value::Array& values = in.items(column.name);
    if (values.size() != all.size()) in.refuse(column.name);
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (values[i].is_null()) continue;
      bool fits = column.kind == Kind::real ? values[i].is_number() : values[i].is_integer();
      if (!fits) in.refuse(column.name);
      column.set(all[i], values[i]);
    }
  }
  return all;
}

}  // namespace

Value to_value(const Digest& digest) {
  Value::Object members{{"ended", digest.ended},
                        {"fingerprint", digest.fingerprint},
                        {"link_dependence", digest.link_dependence},
                        {"parameters", whole(digest.parameters)},
                        {"phy_rate_mbps", optional(digest.phy_rate_mbps)},
                        {"goodput_mbps", optional(digest.goodput_mbps)},
                        {"fast_forwarded_rounds", whole(digest.fast_forwarded)},
                        {"sampling_interval", optional(digest.sampling_interval)},
                        {"assumptions", texts(digest.assumptions)},
                        {"not_modelled", texts(digest.not_modelled)},
                        {"warnings", texts(digest.warnings)},
                        {"host_s", digest.host_s},
                        {"host_memory_mb", digest.host_memory_mb}};
  for (const Column& column : columns()) {
    Value::Array values;
    values.reserve(digest.rounds.size());
    for (const Round& round : digest.rounds) values.push_back(column.get(round));
    members.push_back({column.name, std::move(values)});
  }
  return members;
}

Digest digest_of(const Value& value, const std::string& name) {
  StoredObject in(value, name, "result");
  return Digest{.ended = in.text("ended"),
                .fingerprint = in.text("fingerprint"),
                .link_dependence = in.text("link_dependence"),
                .parameters = in.count("parameters"),
                .phy_rate_mbps = in.optional_number("phy_rate_mbps"),
                .goodput_mbps = in.optional_number("goodput_mbps"),
                .fast_forwarded = in.count("fast_forwarded_rounds"),
                .sampling_interval = in.optional_number("sampling_interval"),
                .assumptions = in.texts("assumptions"),
                .not_modelled = in.texts("not_modelled"),
                .warnings = in.texts("warnings"),
                .rounds = read_rounds(in),
                .host_s = in.number("host_s"),
                .host_memory_mb = in.number("host_memory_mb")};
}

}  // namespace telegrad::results
