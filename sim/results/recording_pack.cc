// The bytes of a recording. Little endian; `n` is an unsigned LEB128 integer, `f` eight bytes of a double, `t` a text
// (n bytes). Layout: "TGR3", t key, t facts (JSON), costs (n, then f flops, f bytes, f seconds), shadows (n, then n information
// bits, n blocks, n sizes), nodes (n, then n steps: a byte kind | phase << 4, then what the kind has), evaluations.

#include <array>
#include <bit>
#include <cstring>
#include <map>

#include "sim/core/errors.h"
#include "sim/results/recording_facts.h"
#include "sim/results/recording_file.h"

namespace telegrad::results {
namespace {

constexpr std::string_view kMagic = "TGR3";
using Kind = Operation::Kind;

class Packer {
 public:
  void number(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) out_.push_back(static_cast<char>(value | 0x80));
    out_.push_back(static_cast<char>(value));
  }
  void real(double value) {
    char bytes[sizeof value];
    std::memcpy(bytes, &value, sizeof value);
    out_.append(bytes, sizeof value);
  }
  void optional(const std::optional<double>& value) {
    out_.push_back(value ? 1 : 0);
    if (value) real(*value);
  }
  void text(std::string_view value) {
    number(value.size());
    out_.append(value);
  }
  void raw(std::string_view value) { out_.append(value); }
  std::string finish() && { return std::move(out_); }

 private:
  std::string out_;
};

class Unpacker {
 public:
  Unpacker(std::string_view bytes, const std::string& name) : left_(bytes), name_(name) {}

  [[noreturn]] void refuse(const char* why) const {
    throw RunError(Failure::bad_data, name_ + ": the recording is damaged (" + why + "); record it again");
  }
  std::string_view raw(std::size_t size) {
    if (size > left_.size()) refuse("too short");
    std::string_view taken = left_.substr(0, size);
    left_.remove_prefix(size);
    return taken;
  }
  unsigned char byte() { return static_cast<unsigned char>(raw(1).front()); }
  std::uint64_t number() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      unsigned char next = byte();
      value |= std::uint64_t{next & 0x7fu} << shift;
      if (next < 0x80) return value;
    }
    refuse("a number of more than 64 bits");
  }
  /// How many things of at least `least` bytes follow: never more than there are bytes for.
  std::size_t count(std::size_t least) {
    std::uint64_t value = number();
    if (value > left_.size() / least) refuse("more entries than bytes");
    return value;
  }
  std::uint64_t below(std::uint64_t bound) {
    std::uint64_t value = number();
    if (value >= bound) refuse("a number out of range");
    return value;
  }
  double real() {
    double value = 0;
    std::memcpy(&value, raw(sizeof value).data(), sizeof value);
    return value;
  }
  std::optional<double> optional() { return byte() == 0 ? std::nullopt : std::optional(real()); }
  std::string text() { return std::string(raw(count(1))); }
  bool finished() const { return left_.empty(); }

 private:
  std::string_view left_;
  const std::string& name_;
};

using CostIndex = std::map<std::array<double, 3>, std::uint64_t>;

std::array<double, 3> index_of(const Cost& cost) { return {cost.flops, cost.bytes, cost.seconds}; }

void pack_step(Packer& out, const Recording::Step& step, const CostIndex& costs) {
  char head = static_cast<char>(static_cast<unsigned>(step.kind) | static_cast<unsigned>(step.phase) << 4);
  out.raw({&head, 1});
  if (Operation::has_cost(step.kind)) out.number(costs.at(index_of(step.cost)));
  if (Operation::has_payload(step.kind)) out.number(step.shadow);
  if (step.kind == Kind::reduce) out.number(static_cast<std::uint64_t>(step.shape));
  if (step.kind == Kind::share) out.number(step.origin.value);
  if (step.kind == Kind::finished) out.real(step.loss);
}

Recording::Step unpack_step(Unpacker& in, const std::vector<Cost>& costs, std::size_t shadows) {
  Recording::Step step;
  unsigned head = in.byte();
  if ((head & 15u) > static_cast<unsigned>(Kind::invite)) in.refuse("an unknown step");
  if (head >> 4 > static_cast<unsigned>(Phase::apply)) in.refuse("an unknown phase");
  step.kind = static_cast<Kind>(head & 15u);
  step.phase = static_cast<Phase>(head >> 4);
  if (Operation::has_cost(step.kind)) step.cost = costs[in.below(costs.size())];
  if (Operation::has_payload(step.kind)) step.shadow = static_cast<std::uint32_t>(in.below(shadows));
  if (step.kind == Kind::reduce)
    step.shape = static_cast<Shape>(in.below(static_cast<std::uint64_t>(Shape::linear) + 1));
  if (step.kind == Kind::share)
    step.origin = Rank{static_cast<std::uint32_t>(in.below(std::uint64_t{1} << 32))};
  if (step.kind == Kind::finished) step.loss = in.real();
  return step;
}

void pack_evaluation(Packer& out, const Evaluation& evaluation) {
  out.optional(evaluation.validation_accuracy);
  out.optional(evaluation.validation_loss);
  out.optional(evaluation.test_accuracy);
  out.optional(evaluation.test_loss);
}

Evaluation unpack_evaluation(Unpacker& in) {
  Evaluation evaluation;
  evaluation.validation_accuracy = in.optional();
  evaluation.validation_loss = in.optional();
  evaluation.test_accuracy = in.optional();
  evaluation.test_loss = in.optional();
  return evaluation;
}

}  // namespace

std::string pack(const Recording& recording) {
  CostIndex costs;
  for (const auto& steps : recording.nodes) {
    for (const auto& step : steps) {
      if (Operation::has_cost(step.kind)) costs.try_emplace(index_of(step.cost), 0);
    }
  }
  Packer out;
  out.raw(kMagic);
  out.text(recording.key);
  out.text(facts_to_json(recording.facts));
  out.number(costs.size());
  std::uint64_t next = 0;
  for (auto& [cost, index] : costs) {
    index = next++;
    for (double part : cost) out.real(part);
  }
  out.number(recording.shadows.size());
  for (const Shadow& shadow : recording.shadows) {
    out.number(shadow.information_bits);
    out.number(shadow.sizes.size());
    for (std::uint32_t size : shadow.sizes) out.number(size);
  }
  out.number(recording.nodes.size());
  for (const auto& steps : recording.nodes) {
    out.number(steps.size());
    for (const auto& step : steps) pack_step(out, step, costs);
  }
  out.number(recording.evaluations.size());
  for (const auto& [round, evaluation] : recording.evaluations) {
    out.number(round);
    pack_evaluation(out, evaluation);
  }
  return std::move(out).finish();
}

Recording unpack_recording(std::string_view bytes, const std::string& name) {
  Unpacker in(bytes, name);
  if (in.raw(kMagic.size()) != kMagic) in.refuse("not of this version");
  Recording recording;
  recording.key = in.text();
  recording.facts = facts_from_json(in.text(), name);
  std::vector<Cost> costs(in.count(24));
  for (Cost& cost : costs) {
    cost.flops = in.real();
    cost.bytes = in.real();
    cost.seconds = in.real();
  }
  recording.shadows.resize(in.count(2));
  for (Shadow& shadow : recording.shadows) {
    shadow.information_bits = in.number();
    shadow.sizes.resize(in.count(1));
    for (std::uint32_t& size : shadow.sizes)
      size = static_cast<std::uint32_t>(in.below(std::uint64_t{1} << 32));
  }
  recording.nodes.resize(in.count(1));
  for (auto& steps : recording.nodes) {
    std::size_t count = in.count(1);
    steps.reserve(count);
    for (std::size_t i = 0; i < count; ++i) steps.push_back(unpack_step(in, costs, recording.shadows.size()));
  }
  for (std::size_t left = in.count(5); left > 0; --left) {
    std::uint64_t round = in.number();
    recording.evaluations[round] = unpack_evaluation(in);
  }
  if (!in.finished()) in.refuse("longer than it says");
  return recording;
}

}  // namespace telegrad::results
