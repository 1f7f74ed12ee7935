#include "sim/results/critical_path.h"

#include <gmock/gmock.h>

#include <random>

namespace telegrad::results {
namespace {

using testing::ElementsAre;

constexpr NodeId kHub{2};

struct Piece {
  Phase phase;
  std::int64_t length;
  std::uint32_t node;
  bool operator==(const Piece&) const = default;
  friend void PrintTo(const Piece& piece, std::ostream* out) {
    *out << to_string(piece.phase) << ' ' << piece.length << " at " << piece.node;
  }
};

std::vector<Piece> pieces(const std::vector<Segment>& path) {
  std::vector<Piece> list;
  for (const Segment& s : path) list.push_back({s.phase, (s.end - s.begin).count(), s.node.value});
  return list;
}

Activity computes(std::uint32_t node, Phase phase, int begin, int end) {
  return computation(NodeId{node}, phase, SimTime(begin), SimTime(end));
}

Activity sends(std::uint32_t from, std::uint32_t to, int queued, int sent, int arrived, int delivered) {
  return transfer(NodeId{from}, NodeId{to}, SimTime(queued), SimTime(sent), SimTime(arrived),
                  SimTime(delivered));
}

/// Two workers; worker 1 is slow to compute, worker 0 to apply. In ns.
std::vector<Activity> star_round() {
  return {computes(0, Phase::gradient, 0, 10),
          computes(0, Phase::encode, 10, 12),
          sends(0, 2, 12, 13, 18, 20),
          computes(1, Phase::gradient, 5, 40),
          computes(1, Phase::encode, 40, 44),
          sends(1, 2, 44, 47, 57, 58),  // the last up: queue 3, air 10, closing 1
          computes(2, Phase::fold, 58, 63),
          computes(2, Phase::encode, 63, 65),
          sends(2, 0, 65, 66, 70, 71),
          sends(2, 1, 65, 72, 80, 81),
          computes(0, Phase::decode, 71, 90),
          computes(0, Phase::apply, 90, 100),
          computes(1, Phase::decode, 81, 83),
          computes(1, Phase::apply, 83, 84)};
}

TEST(TheCriticalPath, GoesThroughTheSlowWorkerAndTheLastToApply) {
  EXPECT_THAT(pieces(critical_path(star_round(), NodeId{0}, SimTime(0), SimTime(100))),
              ElementsAre(Piece{Phase::wait, 5, 1}, Piece{Phase::gradient, 35, 1}, Piece{Phase::encode, 4, 1},
                          Piece{Phase::queue, 3, 1}, Piece{Phase::air, 10, 1}, Piece{Phase::closing, 1, 1},
                          Piece{Phase::fold, 5, 2}, Piece{Phase::encode, 2, 2}, Piece{Phase::queue, 1, 2},
                          Piece{Phase::air, 4, 2}, Piece{Phase::closing, 1, 2}, Piece{Phase::decode, 19, 0},
                          Piece{Phase::apply, 10, 0}));
}

TEST(TheCriticalPath, IsClippedToTheRound) {
  auto path = pieces(critical_path(star_round(), NodeId{0}, SimTime(42), SimTime(100)));
  EXPECT_EQ(path[0], (Piece{Phase::encode, 2, 1}));
  EXPECT_EQ(path[1], (Piece{Phase::queue, 3, 1}));
}

TEST(TheCriticalPath, CallsAGapWaiting) {
  auto activities = star_round();
  activities.erase(activities.begin() + 6);  // the fold
  EXPECT_THAT(pieces(critical_path(activities, NodeId{0}, SimTime(0), SimTime(100))),
              testing::Contains(Piece{Phase::wait, 5, 2}));
}

TEST(TheCriticalPath, OfARoundThatEndsAfterTheLastApplyEndsWithWaiting) {
  EXPECT_EQ(pieces(critical_path(star_round(), NodeId{0}, SimTime(0), SimTime(103))).back(),
            (Piece{Phase::wait, 3, 0}));
}

TEST(TheCriticalPath, SurvivesStepsThatTakeNoTime) {
  std::vector<Activity> activities = {computes(0, Phase::gradient, 0, 10), computes(0, Phase::encode, 10, 10),
                                      sends(0, 2, 10, 10, 10, 10),         computes(2, Phase::fold, 10, 10),
                                      computes(2, Phase::encode, 10, 10),  sends(2, 0, 10, 10, 10, 10),
                                      computes(0, Phase::decode, 10, 10),  computes(0, Phase::apply, 10, 12)};
  EXPECT_THAT(pieces(critical_path(activities, NodeId{0}, SimTime(0), SimTime(12))),
              ElementsAre(Piece{Phase::gradient, 10, 0}, Piece{Phase::apply, 2, 0}));
}

TEST(TheCriticalPath, WhereNothingIsRecordedIsAllWaiting) {
  EXPECT_THAT(pieces(critical_path({}, NodeId{0}, SimTime(0), SimTime(7))),
              ElementsAre(Piece{Phase::wait, 7, 0}));
}

TEST(AMessage, ThatWasLostHasNoAir) {
  Activity lost = transfer(NodeId{0}, kHub, SimTime(10), SimTime(14), kNever, SimTime(30));
  EXPECT_THAT(pieces(lost.parts),
              ElementsAre(Piece{Phase::queue, 4, 0}, Piece{Phase::air, 0, 0}, Piece{Phase::closing, 16, 0}));
}

TEST(AMessage, ThatWasNeverSentIsAllQueue) {
  Activity unsent = transfer(NodeId{0}, kHub, SimTime(10), kNever, kNever, SimTime(30));
  EXPECT_THAT(pieces(unsent.parts),
              ElementsAre(Piece{Phase::queue, 20, 0}, Piece{Phase::air, 0, 0}, Piece{Phase::closing, 0, 0}));
}

TEST(TheCriticalPath, CoversAnyRoundExactly) {
  std::mt19937 random(1);
  auto upto = [&](int most) { return static_cast<int>(random() % static_cast<unsigned>(most + 1)); };
  for (int trial = 0; trial < 300; ++trial) {
    std::vector<Activity> activities;
    for (int i = upto(40); i > 0; --i) {
      int begin = upto(100);
      int end = begin + upto(30);
      auto node = static_cast<std::uint32_t>(upto(3));
      if (upto(1) == 0) {
        activities.push_back(computes(node, Phase::encode, begin, end));
      } else {
        activities.push_back(
            sends(node, static_cast<std::uint32_t>(upto(3)), begin, upto(130), upto(130), end));
      }
    }
    int begin = upto(60);
    int end = begin + upto(70);
    auto path = critical_path(activities, NodeId{0}, SimTime(begin), SimTime(end));
    SimTime cursor(begin);
    for (const Segment& segment : path) {
      ASSERT_EQ(segment.begin, cursor);
      cursor = segment.end;
    }
    ASSERT_EQ(cursor, SimTime(end));
  }
}

}  // namespace
}  // namespace telegrad::results
