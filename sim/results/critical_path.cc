#include "sim/results/critical_path.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "sim/core/errors.h"
#include "sim/results/leg.h"

namespace telegrad::results {
namespace {

bool by_end(const Activity& a, const Activity& b) {
  bool a_travels = a.node != a.origin;
  bool b_travels = b.node != b.origin;
  return std::tie(a.end, a_travels, b.begin) < std::tie(b.end, b_travels, a.begin);
}

/// Walks back in time from a moment at a node.
class Walk {
 public:
  Walk(NodeId node, SimTime begin, SimTime end) : node_(node), begin_(begin), cursor_(end) {}

  bool at_beginning() const { return cursor_ <= begin_; }
  SimTime cursor() const { return cursor_; }
  NodeId node() const { return node_; }

  void wait_since(SimTime since) { take(Segment{Phase::wait, node_, since, cursor_}); }

  void through(const Activity& cause) {
    wait_since(cause.end);
    for (auto part = cause.parts.rbegin(); part != cause.parts.rend(); ++part) take(*part);
    cursor_ = std::min(cause.begin, cursor_);
    node_ = cause.origin;
  }

  std::vector<Segment> in_time() && {
    std::reverse(path_.begin(), path_.end());
    return std::move(path_);
  }

 private:
  void take(Segment segment) {
    segment.begin = std::max(segment.begin, begin_);
    segment.end = std::min(segment.end, cursor_);
    if (segment.begin < segment.end) path_.push_back(segment);
  }

  NodeId node_;
  SimTime begin_;
  SimTime cursor_;
  std::vector<Segment> path_;
};

std::optional<Phase> computed(std::string_view name) {
  for (Phase phase : {Phase::gradient, Phase::encode, Phase::fold, Phase::decode, Phase::apply}) {
    if (name == to_string(phase)) return phase;
  }
  return std::nullopt;
}

NodeId node_at(const Statement& row, int column) {
  return NodeId{static_cast<std::uint32_t>(row.integer(column))};
}

SimTime time_at(const Statement& row, int column) {
  return row.is_null(column) ? kNever : SimTime{row.integer(column)};
}

void add_computations(const Database& database, std::uint64_t round, std::vector<Activity>& activities) {
  Statement rows = database.prepare("SELECT node, phase, begin_ns, end_ns FROM span WHERE round = ?");
  rows.bind_all(round);
  while (rows.step()) {
    auto phase = computed(rows.text(1));
    if (phase)
      activities.push_back(computation(node_at(rows, 0), *phase, time_at(rows, 2), time_at(rows, 3)));
  }
}

void add_transfers(const Database& database, std::uint64_t round, std::vector<Activity>& activities) {
  Statement rows = database.prepare(
      "SELECT from_node, to_node, queued_ns, sent_ns, arrived_ns, delivered_ns, purpose FROM message"
      " WHERE round = ? AND delivered_ns IS NOT NULL");
  rows.bind_all(round);
  while (rows.step()) {
    activities.push_back(transfer(node_at(rows, 0), node_at(rows, 1), time_at(rows, 2), time_at(rows, 3),
                                  time_at(rows, 4), time_at(rows, 5),
                                  leg_of(rows.text(6)).value_or(Leg::up)));
  }
}

/// The worker whose update ended last, of several the lowest; nullptr where nobody applied.
const Activity* last_apply(const std::vector<Activity>& activities) {
  const Activity* last = nullptr;
  for (const Activity& activity : activities) {
    if (activity.parts.front().phase != Phase::apply) continue;
    if (last == nullptr || activity.end > last->end ||
        (activity.end == last->end && activity.node < last->node)) {
      last = &activity;
    }
  }
  return last;
}

}  // namespace

Activity computation(NodeId node, Phase phase, SimTime begin, SimTime end) {
  return {node, node, begin, end, {Segment{phase, node, begin, end}}};
}

Activity transfer(NodeId from, NodeId to, SimTime queued, SimTime sent, SimTime arrived, SimTime delivered,
                  Leg leg) {
  sent = sent == kNever ? delivered : std::clamp(sent, queued, delivered);
  arrived = arrived == kNever ? sent : std::clamp(arrived, sent, delivered);
  return {to,
          from,
          queued,
          delivered,
          {Segment{Phase::queue, from, queued, sent, leg}, Segment{Phase::air, from, sent, arrived, leg},
           Segment{Phase::closing, from, arrived, delivered, leg}}};
}

std::vector<Segment> critical_path(std::vector<Activity> activities, NodeId node, SimTime begin,
                                   SimTime end) {
  std::stable_sort(activities.begin(), activities.end(), by_end);
  std::map<NodeId, std::vector<const Activity*>> ended;
  for (const Activity& activity : activities) ended[activity.node].push_back(&activity);
  Walk walk(node, begin, end);
  while (!walk.at_beginning()) {
    auto& causes = ended[walk.node()];
    while (!causes.empty() && causes.back()->end > walk.cursor()) causes.pop_back();
    if (causes.empty()) {
      walk.wait_since(begin);
      break;
    }
    const Activity* cause = causes.back();
    causes.pop_back();
    walk.through(*cause);
  }
  auto path = std::move(walk).in_time();
  SimTime sum{};
  for (const Segment& segment : path) sum += segment.end - segment.begin;
  expect(sum == std::max(SimTime{}, end - begin), "a critical path covers its round");
  return path;
}

std::vector<Segment> critical_path(const Database& database, std::uint64_t round, SimTime begin,
                                   SimTime end) {
  std::vector<Activity> activities;
  add_computations(database, round, activities);
  add_transfers(database, round, activities);
  const Activity* last = last_apply(activities);
  if (last == nullptr) return {};
  NodeId node = last->node;
  return critical_path(std::move(activities), node, begin, end);
}

}  // namespace telegrad::results
