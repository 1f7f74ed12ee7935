#include "sim/core/device_profiles.h"

#include "sim/core/json.h"
#include "sim/core/resolve.h"

namespace telegrad {
namespace {

Table columns() {
  return {
      text("summary", "one line"),
      real("flops_per_s", "sustained rate of training").above(0).measured_in("FLOP/s").optional(),
      real("codec_bytes_per_s", "bytes read and written by codecs").above(0).measured_in("byte/s").optional(),
      real("active_power_w", "power while it computes").above(0).measured_in("W").optional(),
      text("source", "where the numbers come from, or 'assumed'").of_length(1, 300),
      boolean("measured", "gradients take what they took on the host").otherwise(false)};
}

std::optional<double> number(const Value& row, const char* key) {
  const Value* value = row.find(key);
  return value == nullptr ? std::nullopt : std::optional(value->number());
}

std::vector<NamedProfile> read() {
  std::vector<NamedProfile> rows;
  const Value table = trusted_json(kDeviceProfilesJson);
  for (const Member& member : table.members()) {
    std::vector<Problem> problems;
    Value row = resolve(member.value, columns(), {}, problems);
    if (!problems.empty())
      expect(false, member.key + problems.front().pointer + ": " + problems.front().message);
    rows.push_back({{.name = member.key,
                     .flops_per_s = number(row, "flops_per_s"),
                     .codec_bytes_per_s = number(row, "codec_bytes_per_s"),
                     .active_power_w = number(row, "active_power_w"),
                     .source = row["source"].text(),
                     .measured = row["measured"].boolean()},
                    row["summary"].text()});
  }
  return rows;
}

}  // namespace

const std::vector<NamedProfile>& device_profiles() {
  static const std::vector<NamedProfile> rows = read();
  return rows;
}

}  // namespace telegrad
