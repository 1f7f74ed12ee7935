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

bool is_measured(const Value& cost) { return cost["model"].text() == "measured"; }

/// What the link has shown so far, headers included, in seconds, or in joules of a radio that sends for as long as the
/// bytes take at its rate and listens for the rest.
CommunicationCost cost_of(const Value& cost, const LinkEstimate& link) {
  const double sending = cost["unit"].text() == "joules" ? cost["transmit_w"].number() : 1;
  const double waiting = cost["unit"].text() == "joules" ? cost["idle_w"].number() : 1;
  const Value* rate = cost.find("radio_mbps");
  const double per_byte = rate == nullptr ? 0 : 8e-6 / rate->number();
  return CommunicationCost::measured([=](double bytes) {
    bytes += static_cast<double>(codecs::kHeaderBytes);
    return waiting * link.seconds(bytes) + (sending - waiting) * per_byte * bytes;
  });
}

CommunicationCost cost_of(const Value& cost) {
  const std::string& model = cost["model"].text();
  if (is_measured(cost)) return cost_of(cost, LinkEstimate());
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
        prices_(resolved["cost"]), cost_(cost_of(prices_)), sparse_(resolved, context),
        scales_(mode_ == ClatMode::sign ? sparse_.units().size() : 0) {
    if (is_measured(prices_) && context.rank == context.workers) {
      throw ScenarioError("", {{"/compression/downlink/method/cost/model", 0, 0,
                                "the hub, which sends to all, measures no single link",
                                "choose another cost for the down-link"}});
    }
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
    if (is_measured(prices_)) cost_ = cost_of(prices_, step.link);
    for (std::uint32_t number = 0; number < units().size(); ++number) {
      const codecs::Unit& unit = units()[number];
      auto part = values.subspan(unit.first, unit.size);
      const ClatEfficiency vector(part);
      const std::size_t entries = entries_for(vector, unit, step);
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
  bool reads_link() const override { return is_measured(prices_); }
  double traffic() const override { return 6 * sparse_.traffic(0); }

 private:
  /// A link that nothing is known of is tried out: with everything, then with a single entry. One that takes no time
  /// takes everything.
  std::size_t entries_for(const ClatEfficiency& vector, const codecs::Unit& unit, const Step& step) const {
    if (is_measured(prices_)) {
      if (!step.link.known()) return step.round % 2 == 1 ? vector.support() : 1;
      if (!(cost_.of(static_cast<double>(unit.size), message(unit)) > 0)) return vector.support();
    }
    return tune(vector, mode_, cost_, message(unit)).entries;
  }
  /// With indices of fixed width, headers apart.
  MessageBits message(const codecs::Unit& unit) const {
    const double index = codecs::index_bits(unit.size);
    return mode_ == ClatMode::sign ? MessageBits{32, index + 1} : MessageBits{0, index + value_bits_};
  }

  ClatMode mode_;
  double value_bits_;
  Value prices_;  // as the scenario has them
  CommunicationCost cost_;
  Sparse sparse_;
  std::vector<float> scales_;
  std::vector<std::uint64_t> scratch_;
  std::vector<std::uint32_t> chosen_;
};

Table cost_parameters() {
  return {
      choice(
          "model", {"payload", "affine", "packet_bits", "packet_entries", "measured"},
          "what a message of P bits costs: P; c1 P + c0; c1 for each begun packet + c0, where entries may "
          "straddle packets; the same with whole entries in each packet; what the worker's own messages have "
          "cost on its link so far (the first ones try it out with everything and with one entry)"),
      real("c1", "cost of a bit, or of a packet, in any unit").above(0).otherwise(1.0),
      real("c0", "cost of a message however short, in the same unit").at_least(0).otherwise(0.0),
      integer("packet_bits", "bits of a packet without its headers").in(1, 1e9).optional(),
      choice("unit", {"seconds", "joules"}, "what is measured").otherwise("seconds"),
      real("radio_mbps", "for joules: the rate at which the radio sends, whose time is not waiting")
          .above(0)
          .measured_in("Mbit/s")
          .optional(),
      real("transmit_w", "for joules: power of the radio while it sends (ns-3's WifiRadioEnergyModel at 3 V)")
          .above(0)
          .measured_in("W")
          .otherwise(1.14),
      real("idle_w", "for joules: power of the radio while it listens (ns-3's WifiRadioEnergyModel at 3 V)")
          .at_least(0)
          .measured_in("W")
          .otherwise(0.819)};
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
  if ((model == "payload" || model == "measured") && !plain) {
    problems.push_back({"/cost/model", 0, 0, model + " has no c1 and no c0", "choose affine"});
  }
  const bool joules = cost["unit"].text() == "joules";
  if (joules && model != "measured") {
    problems.push_back(
        {"/cost/unit", 0, 0, "only a measured cost is in joules", "choose the model measured"});
  }
  if (joules != (cost.find("radio_mbps") != nullptr)) {
    problems.push_back(
        {"/cost/radio_mbps", 0, 0,
         joules ? "is missing: joules are counted while the radio sends" : "has an effect on joules alone",
         joules ? "give the rate at which it sends" : "leave it out"});
  }
  const bool one = resolved["granularity"].text() == "model" && resolved.find("bucket") == nullptr;
  if (model == "measured" && !one) {
    problems.push_back({"/cost/model", 0, 0,
                        "a measured cost is that of a whole message, not of a unit's part",
                        "choose the granularity model, without a bucket"});
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
       .traits = {"sparse", "unbiased where stochastic", "contraction where not stochastic"}},
      {[](const Value& resolved, const NodeContext& context) {
         return with_feedback(resolved, context, std::make_unique<Clat>(resolved, context));
       },
       "union_sparse"}};
}

}  // namespace telegrad::training
