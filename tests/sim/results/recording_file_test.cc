#include "sim/results/recording_file.h"

#include <gtest/gtest.h>

#include <fstream>

#include "sim/core/errors.h"
#include "sim/core/random.h"

namespace telegrad::results {
namespace {

Recording example(std::uint64_t rounds) {
  Recorder recorder(3);
  for (std::uint64_t round = 1; round <= rounds; ++round) {
    for (std::uint32_t worker = 0; worker < 2; ++worker) {
      recorder.operation(NodeId{worker}, Operation(Phase::gradient, Cost{2e8, 0}));
      recorder.operation(NodeId{worker}, Operation(Phase::encode, Cost{0, 3e5}));
      Payload payload = Payload::sized({500, 500, static_cast<std::uint32_t>(100 + round % 3)});
      recorder.operation(NodeId{worker}, Operation(payload, worker == 0 ? Shape::linear : Shape::local));
      const Cost folding{0, 4e3 + static_cast<double>(round)};
      recorder.operation(NodeId{worker},
                         Operation(Operation::Kind::fold, Phase::fold, folding, Payload::sized({700, 1})));
      recorder.operation(NodeId{worker},
                         Operation(Operation::Kind::finish, Phase::encode, Cost{}, Payload::sized({350})));
      recorder.operation(NodeId{worker}, Operation(Phase::decode, Cost{0, 1e5}));
      Operation finished(Operation::Kind::finished);
      finished.loss = 2.0 / static_cast<double>(round + worker);
      recorder.operation(NodeId{worker}, finished);
    }
    recorder.operation(NodeId{2}, Operation(Operation::Kind::collect));
    recorder.operation(NodeId{2}, Operation(Operation::Kind::publish, Payload::sized({900})));
    recorder.operation(NodeId{2}, Operation(Operation::Kind::share, Payload::sized({9}), hub_rank));
    recorder.operation(NodeId{2}, Operation(Operation::Kind::served));
    Evaluation evaluation;
    evaluation.test_accuracy = 0.1 * static_cast<double>(round);
    recorder.evaluated(round, evaluation);
  }
  TrainingFacts facts;
  facts.parameters = 18378;
  facts.flops_per_sample = 6.3e6;
  facts.portions = {{.samples = 10, .label_histogram = {4, 6}}, {.samples = 20, .label_histogram = {}}};
  facts.warnings = {"a \"warning\""};
  return std::move(recorder).finish("a key", facts);
}

void expect_equal(const Recording& a, const Recording& b) {
  EXPECT_EQ(a.key, b.key);
  EXPECT_EQ(a.shadows, b.shadows);
  EXPECT_EQ(a.nodes, b.nodes);
  ASSERT_EQ(a.evaluations.size(), b.evaluations.size());
  for (const auto& [round, evaluation] : a.evaluations) {
    EXPECT_EQ(evaluation.test_accuracy, b.evaluations.at(round).test_accuracy);
    EXPECT_EQ(evaluation.test_loss, b.evaluations.at(round).test_loss);
  }
  EXPECT_EQ(a.facts.parameters, b.facts.parameters);
  EXPECT_EQ(a.facts.portions.at(0).label_histogram, b.facts.portions.at(0).label_histogram);
  EXPECT_EQ(a.facts.warnings, b.facts.warnings);
}

TEST(RecordingFile, ReadsBackAsWritten) {
  std::filesystem::path file = std::filesystem::path(testing::TempDir()) / "example.recording";
  Recording recording = example(20);
  write_recording(recording, file);
  expect_equal(read_recording(file), recording);
  EXPECT_FALSE(std::filesystem::exists(file.string() + ".part"));
  std::filesystem::remove(file);
}

TEST(RecordingFile, TakesAboutSixtyFourBytesForAWorkerAndRoundWhereSizesRepeat) {
  std::filesystem::path file = std::filesystem::path(testing::TempDir()) / "long.recording";
  write_recording(example(1000), file);
  EXPECT_LT(std::filesystem::file_size(file), 2 * 1000 * 64u);
  std::filesystem::remove(file);
}

TEST(RecordingFile, EveryTruncationIsRefused) {
  std::string bytes = pack(example(2));
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_THROW(unpack_recording(std::string_view(bytes).substr(0, size), "test"), RunError) << size;
  }
  EXPECT_THROW(unpack_recording(bytes + "x", "test"), RunError);
}

TEST(RecordingFile, DamagedBytesAreRefusedOrReadButNeverMore) {
  const std::string bytes = pack(example(3));
  Stream stream({.seed = 11, .purpose = Purpose::method});
  int refused = 0;
  for (int i = 0; i < 5000; ++i) {
    std::string damaged = bytes;
    for (int hits = 0; hits < 3; ++hits) damaged[stream.below(damaged.size())] = static_cast<char>(stream());
    try {
      unpack_recording(damaged, "test");
    } catch (const RunError& error) {
      EXPECT_EQ(error.failure(), Failure::bad_data);
      ++refused;
    }
  }
  EXPECT_GT(refused, 1000);
}

TEST(RecordingFile, AFileThatIsNoneSaysSo) {
  std::filesystem::path file = std::filesystem::path(testing::TempDir()) / "none.recording";
  std::ofstream(file) << "not a recording";
  try {
    read_recording(file);
    FAIL() << "it was read";
  } catch (const RunError& error) {
    EXPECT_NE(std::string(error.what()).find("no recording"), std::string::npos) << error.what();
  }
  std::filesystem::remove(file);
  EXPECT_THROW(read_recording(file), RunError);
  EXPECT_THROW(write_recording(example(1), "/nowhere/at/all"), RunError);
}

}  // namespace
}  // namespace telegrad::results
