#include "channels/sampling.h"

namespace telegrad::channels {

Parameter sampling_parameter() {
  const Table table{
      integer("rounds",
              "simulated packet by packet: half at the start, the rest in short bursts; more where "
              "they vary much")
          .in(8, 100'000)
          .otherwise(32),
      real("tolerance", "error of the time of rounds that ends the fast-forward")
          .over(0, 0.5)
          .otherwise(0.02)};
  return object("sampling", table,
                "fast-forward: the communication of most rounds is drawn from some that are simulated, and "
                "marked "
                "in all results; needs links that lose nothing; left out: every round is simulated")
      .optional();
}

std::optional<SamplingSettings> sampling_of(const Value& network) {
  const Value* sampling = network.find("sampling");
  if (sampling == nullptr) return std::nullopt;
  SamplingSettings settings;
  settings.rounds = static_cast<std::uint64_t>((*sampling)["rounds"].integer());
  settings.tolerance = (*sampling)["tolerance"].number();
  return settings;
}

}  // namespace telegrad::channels
