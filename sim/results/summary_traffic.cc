// What was sent, and what was lost of it.

#include <array>

#include "sim/results/leg.h"
#include "sim/results/summary_lines.h"
#include "sim/results/words.h"

namespace telegrad::results {
namespace {

struct Traffic {
  std::string up;
  std::string down;
};

/// In words; nullopt where some round lacks it.
std::optional<Traffic> sums(const Database& database, const std::string& kind) {
  std::string up = "up_" + kind;
  std::string down = "down_" + kind;
  Statement row = database.prepare("SELECT count(*), count(" + up + "), count(" + down + "), sum(" + up +
                                   "), sum(" + down + ") FROM round");
  row.step();
  bool complete = row.integer(0) > 0 && row.integer(1) == row.integer(0) && row.integer(2) == row.integer(0);
  if (!complete) return std::nullopt;
  return Traffic{bytes_in_words(row.number(3)), bytes_in_words(row.number(4))};
}

}  // namespace

std::vector<SummaryLine> byte_lines(const Database& database) {
  auto serialised = sums(database, "serialised_bytes");
  if (!serialised) return {};
  auto on_air = sums(database, "on_air_bytes");
  return {{"bytes on the air", on_air ? on_air->up + " up, " + on_air->down + " down" : "not modelled"},
          {"bytes serialised", serialised->up + " up, " + serialised->down + " down"}};
}

std::vector<SummaryLine> loss_lines(const Database& database) {
  struct Count {
    std::uint64_t blocks = 0;
    std::uint64_t lost = 0;
  };
  std::array<Count, 2> legs;
  Statement rows =
      database.prepare("SELECT purpose, sum(blocks), sum(lost_blocks) FROM message GROUP BY purpose");
  while (rows.step()) {
    auto leg = leg_of(rows.text(0));
    if (!leg || rows.text(0) == "repair down")
      continue;  // those blocks were lost before, and are counted there
    legs[static_cast<std::size_t>(*leg)].blocks += static_cast<std::uint64_t>(rows.integer(1));
    legs[static_cast<std::size_t>(*leg)].lost += static_cast<std::uint64_t>(rows.integer(2));
  }
  std::string text;
  constexpr std::array kNames = {"up", "down"};
  for (std::size_t leg = 0; leg < legs.size(); ++leg) {
    auto [blocks, lost] = legs[leg];
    if (blocks == 0) continue;
    text += (text.empty() ? "" : "; ") + count_in_words(lost) + " of " + count_in_words(blocks) + " " +
            kNames[leg];
    if (lost > 0)
      text += " (" + share_in_words(static_cast<double>(lost) / static_cast<double>(blocks)) + ")";
  }
  if (text.empty()) return {};
  return {{"lost blocks", text}};
}

}  // namespace telegrad::results
