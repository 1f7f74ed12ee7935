#include "sim/results/summary.h"

#include <gmock/gmock.h>

#include "sim/results/writer.h"
#include "tests/sim/results/scratch.h"

namespace telegrad::results {
namespace {

using testing::HasSubstr;
using testing::Not;

class ASummary : public Scratch {
 protected:
  template <class Play>
  std::string of(Play play, const Ending& ending = {"done", "max_rounds", "", "f00", 2.5}) {
    Folder folder(folder_ / "run", Replace::yes);
    Writer writer(folder, small_manifest());
    play(writer);
    writer.finish(ending);
    return summary(Database::open_to_read(folder.database()));
  }
};

Evaluation validation(double accuracy) {
  Evaluation evaluation;
  evaluation.validation_accuracy = accuracy;
  return evaluation;
}

TEST_F(ASummary, AnswersTheQuestion) {
  std::string text = of([](Writer& writer) {
    play_round(writer, 1);
    play_round(writer, 2);
    writer.evaluated(1, validation(0.4));
    writer.evaluated(2, validation(0.625));
  });
  EXPECT_EQ(text,
            "small: done (max rounds), 2 rounds in 200.0 ms of simulated time; 2.500 s on this host\n"
            "  validation 50 %       reached between 100.0 ms and 200.0 ms (rounds 1 to 2)\n"
            "  validation 90 %       not reached by 200.0 ms (round 2)\n"
            "  validation accuracy   62.5 % after round 2\n"
            "  median round          100.0 ms (round 1)\n"
            "    gradient            30.00 ms, 30.0 %\n"
            "    queue               2.000 ms, 2.0 %\n"
            "    air                 52.00 ms, 52.0 %\n"
            "    closing             1.000 ms, 1.0 %\n"
            "    fold                5.000 ms, 5.0 %\n"
            "    apply               10.00 ms, 10.0 %\n"
            "    not modelled        encode, decode\n"
            "  bytes on the air      not modelled\n"
            "  bytes serialised      1.20 kB up, 800 B down\n"
            "  lost blocks           2 of 12 up (16.7 %); 0 of 8 down\n"
            "  uncertainty           one seed: no uncertainty\n");
}

TEST_F(ASummary, SaysHowManyRoundsWereDrawnAndHowWell) {
  Ending ending{"done", "max_rounds", "", "f00", 2.5};
  ending.sampling = Value::Object{{"fast_forwarded", 9},
                                  {"simulated", 3},
                                  {"interval", 0.0123},
                                  {"held_out_error", -0.004},
                                  {"gave_up_after", 11}};
  auto play = [](Writer& writer) { play_round(writer, 1); };
  EXPECT_THAT(of(play, ending),
              HasSubstr("  ~ fast-forward        9 of 12 rounds drawn, not simulated; their time is "
                        "known to ±1.2 % (95 %); off by -0.4 % where held out; all simulated "
                        "after round 11\n"));
  EXPECT_THAT(of(play), Not(HasSubstr("fast-forward")));
}

TEST_F(ASummary, CountsBytesOnTheAirWhereTheyAreModelled) {
  EXPECT_THAT(of([](Writer& writer) {
                writer.round({.round = 1,
                              .begin = {},
                              .end = ms(1),
                              .train_loss = 1,
                              .participants = 1,
                              .on_air = OnAir{1'500'000, 2'000}});
              }),
              HasSubstr("bytes on the air      1.50 MB up, 2.00 kB down"));
}

/// A block that was lost and sent again was still lost.
TEST_F(ASummary, CountsLostBlocksAmongThoseThatWereSentFirst) {
  EXPECT_THAT(
      of([](Writer& writer) {
        MessageRecord record{.from = NodeId{2}, .to = NodeId{0}, .round = 1, .purpose = "down"};
        record.blocks = record.lost_blocks = 48;
        writer.message(record);
        record.purpose = "repair down";
        record.lost_blocks = 0;
        writer.message(record);
        writer.round(
            {.round = 1, .begin = {}, .end = ms(1), .train_loss = 1, .participants = 1, .on_air = {}});
      }),
      HasSubstr("lost blocks           48 of 48 down (100.0 %)\n"));
}

TEST_F(ASummary, NamesNobodyWhereAllCameTogether) {
  auto collect = [](Writer& writer, std::uint64_t operation, std::int64_t last) {
    for (std::uint32_t worker = 0; worker < 3; ++worker) {
      ContributionRecord record{NodeId{worker}, operation, operation, Fate::applied, ms(10), ms(100)};
      if (worker == 1) record.arrived = ms(last);
      record.closed = ms(100) * static_cast<std::int64_t>(operation);
      writer.contribution(record);
    }
  };
  EXPECT_THAT(of([&](Writer& writer) { collect(writer, 1, 10); }), Not(HasSubstr("waited for")));
  EXPECT_THAT(of([&](Writer& writer) {
                collect(writer, 1, 10);
                collect(writer, 2, 30);
              }),
              HasSubstr("worker 1 was the last in 50.0 % of the collections, in all 20.00 ms after"));
}

TEST_F(ASummary, TakesTheMedianRound) {
  EXPECT_THAT(of([](Writer& writer) {
                SimTime begin{};
                for (std::uint64_t round = 1; round <= 5; ++round) {
                  SimTime end = begin + ms(static_cast<std::int64_t>(round * 10));
                  writer.round({.round = round,
                                .begin = begin,
                                .end = end,
                                .train_loss = 1,
                                .participants = 1,
                                .on_air = std::nullopt});
                  begin = end;
                }
              }),
              HasSubstr("median round          30.00 ms (round 3)\n"));
}

TEST_F(ASummary, OfARunWithoutRoundsSaysWhyItEnded) {
  std::string text = of([](Writer&) {}, {"failed", "unreachable", "worker 3 never associated", "", 1});
  EXPECT_THAT(text, HasSubstr("small: failed (unreachable), 0 rounds; 1.000 s on this host\n"
                              "  worker 3 never associated\n"));
  EXPECT_THAT(text, HasSubstr("validation 50 %       not reached: never evaluated\n"));
  EXPECT_THAT(text, Not(HasSubstr("median round")));
}

}  // namespace
}  // namespace telegrad::results
