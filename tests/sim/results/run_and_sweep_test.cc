// A run's database and a sweep's digest are made of the same messages, and come to the same bytes.
#include "sim/results/digester.h"
#include "sim/results/writer.h"
#include "tests/sim/results/scratch.h"

namespace telegrad::results {
namespace {

class ARunAndASweep : public Scratch {};

TEST_F(ARunAndASweep, CountTheSameBytesHoweverLateTheyAreSettled) {
  Folder place(folder_ / "run", Replace::no);
  Writer writer(place, small_manifest());
  Digester digester(NodeId{2}, std::nullopt);
  auto message = [&](std::uint64_t round, const char* purpose, std::uint64_t bytes, bool overheard) {
    MessageRecord record{.from = NodeId{2}, .to = NodeId{0}, .round = round, .purpose = purpose};
    record.bytes = bytes;
    record.information_bits = 7 * bytes;
    record.overheard = overheard;
    record.delivered = ms(1);
    writer.message(record);
    digester.message(record);
  };
  constexpr std::uint64_t kRounds = 8;
  for (std::uint64_t round = 1; round <= kRounds; ++round) {
    message(round + 1, "up", 1, false);  // of one who is ahead
    for (std::uint64_t delay = 0; delay < round; ++delay) message(round - delay, "up", 64 + delay, false);
    for (int worker = 0; worker < 3; ++worker) message(round, "down", 1000, worker > 0);
    message(round, "repair down", 50, false);
    play_round(writer, round);
    play_round(digester, round);
  }
  writer.finish({});
  const Digest digest = std::move(digester).finish();
  const Database database = Database::open_to_read(place.database());
  ASSERT_EQ(digest.rounds.size(), kRounds);
  for (const RoundDigest& round : digest.rounds) {
    const std::string where = " FROM round WHERE round = " + std::to_string(round.record.round);
    const std::array<std::string, 2> legs{"up", "down"};
    for (std::size_t leg = 0; leg < 2; ++leg) {
      EXPECT_EQ(number(database, "SELECT " + legs[leg] + "_serialised_bytes" + where),
                static_cast<double>(round.legs[leg].serialised_bytes))
          << legs[leg] << where;
      EXPECT_EQ(number(database, "SELECT " + legs[leg] + "_information_bits" + where),
                static_cast<double>(round.legs[leg].information_bits))
          << legs[leg] << where;
    }
  }
}

}  // namespace
}  // namespace telegrad::results
