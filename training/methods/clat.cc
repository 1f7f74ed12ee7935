#include "sim/core/errors.h"
#include "training/kernels/select.h"
#include "training/methods/clat_cost.h"
#include "training/methods/options.h"
#include "training/methods/sparse.h"

namespace telegrad::training {
namespace {

ClatMode mode_of(const Value& resolved) {
  const std::string& name = resolved["mode"].text();
  if (name == "sign") return ClatMode::sign;
  return name == "stochastic" ? ClatMode::stochastic : ClatMode::sparsify;
}

CommunicationCost cost_of(const Value& cost) {
  const std::string& model = cost["model"].text();
  if (model == "payload") return CommunicationCost::payload();
  const double slope = cost["c1"].number();
  const double fixed = cost["c0"].number();
  if (model == "affine") return CommunicationCost::affine(slope, fixed);
  const double packet = static_cast<double>(cost["packet_bits"].integer());
  return model == "packet_bits" ? CommunicationCost::packet_bits(slope, fixed, packet)
                                : CommunicationCost::packet_entries(slope, fixed, packet);
}

/// Chooses in every round, from the vector at hand, how many entries to send: those with the largest guaranteed
/// decrease of the objective for what their message costs.
class Clat final : public Compressor {
 public:
  Clat(const Value& resolved, const NodeContext& context)
      : mode_(mode_of(resolved)), value_bits_(codecs::value_bits(value_codec(resolved))),
        cost_(cost_of(resolved["cost"])), sparse_(resolved, context),
        scales_(mode_ == ClatMode::sign ? sparse_.units().size() : 0) {
    const Value* packet = resolved["cost"].find("packet_bits");
    if (packet == nullptr) return;
    for (const codecs::Unit& unit : units()) {
      const auto bits = static_cast<double>(packet->integer());
      if (CommunicationCost::entries_per_packet(bits, message(unit)) >= 1) continue;
      const double needed = message(unit).of(1);
      throw ScenarioError("", {{"/compression/uplink/cost/packet_bits", 0, 0,
                                std::to_string(packet->integer()) + " bits hold no entry of " +
                                    std::to_string(unit.size) + " coordinates",
                                "expected at least " + std::to_string(static_cast<int>(needed))}});
    }
  }

  Payload encode(std::span<const float> values, const Step& step, Cut cut) override {
    require_finite(values, sparse_.context(), step);
    sparse_.clear();
    for (std::uint32_t number = 0; number < units().size(); ++number) {
      const codecs::Unit& unit = units()[number];
      auto part = values.subspan(unit.first, unit.size);
      const ClatEfficiency vector(part);
      const std::size_t entries = tune(vector, mode_, cost_, message(unit)).entries;
      if (mode_ == ClatMode::sign) scales_[number] = static_cast<float>(vector.sign_scale(entries));
      if (mode_ == ClatMode::stochastic) {
        sparse_.draw(number, part, static_cast<double>(entries), step);
        continue;
      }
      // The entries are finite, so that this cannot fail.
      (void)kernels::select_largest(part, entries, scratch_, chosen_);
      for (std::uint32_t index : chosen_) sparse_.keep(unit.first + index, part[index]);
    }
    return mode_ == ClatMode::sign ? sparse_.pack_signs(cut, scales_) : sparse_.pack(step, cut);
  }

  std::span<const codecs::Unit> units() const override { return sparse_.units(); }
  double traffic() const override { return 6 * sparse_.traffic(0); }

 private:
  /// With indices of fixed width, headers apart.
  MessageBits message(const codecs::Unit& unit) const {
    const double index = codecs::index_bits(unit.size);
    return mode_ == ClatMode::sign ? MessageBits{32, index + 1} : MessageBits{0, index + value_bits_};
  }

  ClatMode mode_;
  double value_bits_;
  CommunicationCost cost_;
  Sparse sparse_;
  std::vector<float> scales_;
  std::vector<std::uint64_t> scratch_;
  std::vector<std::uint32_t> chosen_;
};

Table cost_parameters() {
  return {
      choice("model", {"payload", "affine", "packet_bits", "packet_entries"},
             "what a message of P bits costs: P; c1 P + c0; c1 for each begun packet + c0, where entries may "
             "straddle packets; the same with whole entries in each packet"),
      real("c1", "cost of a bit, or of a packet, in any unit").above(0).otherwise(1.0),
      real("c0", "cost of a message however short, in the same unit").at_least(0).otherwise(0.0),
      integer("packet_bits", "bits of a packet without its headers").in(1, 1e9).optional()};
}

void check(const Value& resolved, std::vector<Problem>& problems) {
  const Value& cost = resolved["cost"];
  const std::string& model = cost["model"].text();
  const bool packets = model.starts_with("packet");
  if (packets != (cost.find("packet_bits") != nullptr)) {
    problems.push_back({"/cost/packet_bits", 0, 0,
                        packets ? "is missing: the cost counts packets" : "has no effect on this cost model",
                        packets ? "give the bits of a packet without its headers" : "leave it out"});
  }
  const bool plain = cost["c1"].number() == 1 && cost["c0"].number() == 0;
  if (model == "payload" && !plain) {
    problems.push_back({"/cost/model", 0, 0, "payload has no c1 and no c0", "choose affine"});
  }
  if (mode_of(resolved) == ClatMode::stochastic) refuse_feedback(resolved, problems);
  if (mode_of(resolved) == ClatMode::sign && resolved["value"].text() != "fp32") {
    problems.push_back({"/value", 0, 0, "has no effect on signs", "leave it out"});
  }
}

}  // namespace

Entry<Maker> clat_method() {
  return {
      {.name = "clat",
       .summary = "as many of the largest entries as decrease the objective most for what the message costs",
       .source = "Khirirat, Magnusson, Aytekin, Johansson 2021 (CLAT)",
       .parameters =
           Table{
               choice(
                   "mode", {"sparsify", "sign", "stochastic"},
                   "entries as they are; their signs with their mean magnitude; or drawn at random without "
                   "bias. Several workers need feedback with the first two, or their mean has a floor")
                   .otherwise("sparsify"),
               object(
                   "cost", cost_parameters(),
                   "what a unit's message costs; sizes are counted with fixed indices, whatever the codec")} +
           sparse_parameters("model") + feedback_parameters(false),
       .example = R"({"type": "clat", "mode": "sign", "cost": {"model": "affine", "c0": 512}})",
       .check = check,
       .formula = "T (b + 32) bits, signs T (b + 1) + 32, T chosen anew in every round",
       .traits = {"sparse"}},
      {[](const Value& resolved, const NodeContext& context) {
         return with_feedback(resolved, context, std::make_unique<Clat>(resolved, context));
       },
       "union_sparse"}};
}

}  // namespace telegrad::training
