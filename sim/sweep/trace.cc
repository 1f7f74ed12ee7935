#include "sim/sweep/trace.h"

#include <algorithm>
#include <map>

#include "sim/sweep/trace_rows.h"

namespace telegrad::sweep {
namespace {

/// Makes steps out of rows.
class Maker {
 public:
  Maker(std::uint32_t workers, std::uint32_t limit) : limit_(limit) { recording_.nodes.resize(workers + 1); }

  void add(const TraceRow& row) {
    using Kind = Operation::Kind;
    auto& steps = recording_.nodes[row.worker];
    if (row.compute_s > 0) {
      Recording::Step work;
      work.kind = Kind::work;
      work.phase = Phase::gradient;
      work.cost.seconds = row.compute_s;
      steps.push_back(work);
    }
    steps.push_back(sending(Kind::reduce, row.up));
    steps.push_back(plain(Kind::finished));
    if (row.worker == 0) {
      auto& hub = recording_.nodes.back();
      hub.push_back(plain(Kind::collect));
      hub.push_back(sending(Kind::publish, row.down));
      hub.push_back(plain(Kind::served));
    }
    if (row.accuracy) recording_.evaluations[row.round].test_accuracy = row.accuracy;
  }

  Recording finish() && {
    recording_.nodes.back().push_back(
        plain(Operation::Kind::collect));  // the hub is ready for one more round
    return std::move(recording_);
  }

 private:
  static Recording::Step plain(Operation::Kind kind) {
    Recording::Step step;
    step.kind = kind;
    return step;
  }
  Recording::Step sending(Operation::Kind kind, std::uint64_t bytes) {
    Recording::Step step = plain(kind);
    auto [at, added] = known_.try_emplace(bytes, static_cast<std::uint32_t>(recording_.shadows.size()));
    if (added) {
      Shadow shadow;
      shadow.sizes.assign(bytes / limit_, limit_);
      if (bytes % limit_ > 0) shadow.sizes.push_back(static_cast<std::uint32_t>(bytes % limit_));
      recording_.shadows.push_back(std::move(shadow));
    }
    step.shadow = at->second;
    return step;
  }

  std::uint32_t limit_;
  Recording recording_;
  std::map<std::uint64_t, std::uint32_t> known_;
};

}  // namespace

Recording read_trace(const std::filesystem::path& file, std::uint32_t block_limit) {
  std::vector<TraceRow> rows = read_trace_rows(file);
  std::uint32_t workers = 0;
  for (const TraceRow& row : rows) workers = std::max(workers, row.worker + 1);
  Maker maker(workers, block_limit);
  std::uint64_t up = 0;
  for (const TraceRow& row : rows) {
    maker.add(row);
    up = std::max(up, row.up);
  }
  Recording recording = std::move(maker).finish();
  recording.key = "{}";
  recording.facts.up_bytes = up;
  recording.facts.down_bytes = rows.front().down;
  recording.facts.assumptions = {"sizes, compute times and accuracies are those of the trace " +
                                 file.filename().string()};
  recording.facts.not_modelled = {
      "time to encode, fold, decode and apply, beyond what compute_s of the trace holds"};
  return recording;
}

TraceSize size_of(const Recording& recording) {
  const auto& hub = recording.nodes.back();
  auto rounds = std::count_if(hub.begin(), hub.end(),
                              [](const auto& step) { return step.kind == Operation::Kind::served; });
  return {static_cast<std::uint32_t>(recording.nodes.size() - 1), static_cast<std::uint64_t>(rounds)};
}

}  // namespace telegrad::sweep
