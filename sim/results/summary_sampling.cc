// How much of a run was drawn instead of simulated, and how good that is.

#include <cstdio>

#include "sim/results/schema.h"
#include "sim/results/summary_lines.h"
#include "sim/results/words.h"

namespace telegrad::results {
namespace {

std::string percent(double share) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2g %%", 100 * share);
  return text;
}

}  // namespace

std::vector<SummaryLine> sampling_lines(const Database& database) {
  const Value sampling = read_meta(database, "sampling");
  const Value* drawn = sampling.find("fast_forwarded");
  const Value* simulated = sampling.find("simulated");
  if (drawn == nullptr || simulated == nullptr) return {};
  const auto rounds = static_cast<std::uint64_t>(drawn->integer() + simulated->integer());
  std::string text = count_in_words(static_cast<std::uint64_t>(drawn->integer())) + " of " +
                     counted(rounds, "round") + " drawn, not simulated";
  if (const Value* interval = sampling.find("interval"); interval != nullptr && interval->is_number()) {
    text += "; their time is known to ±" + percent(interval->number()) + " (95 %)";
  }
  if (const Value* error = sampling.find("held_out_error"); error != nullptr && error->is_number()) {
    text += "; off by " + percent(error->number()) + " where held out";
  }
  if (const Value* round = sampling.find("gave_up_after"); round != nullptr && round->is_integer()) {
    text += "; all simulated after round " + count_in_words(static_cast<std::uint64_t>(round->integer()));
  }
  return {{"~ fast-forward", text}};
}

}  // namespace telegrad::results
