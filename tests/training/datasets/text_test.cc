// Plain text, and LEAF's JSON files.

#include <set>

#include "tests/training/datasets/folder.h"

namespace telegrad::training {
namespace {

class Text : public FolderTest {
 protected:
  Dataset of(const std::string& text, const std::string& settings) const {
    const std::string json =
        R"({"type": "text", "path": ")" + write("text.txt", text) + R"(", )" + settings + "}";
    return datasets().make(testing_support::described("datasets", json), 1);
  }
};

TEST_F(Text, TheNextCharacterIsTheTarget) {
  const Dataset dataset = of("abcdabcdab", R"("length": 3, "stride": 2, "test_share": 0)");
  EXPECT_EQ(dataset.classes, 5U);  // and any other
  EXPECT_EQ(dataset.symbols, 5U);
  EXPECT_EQ(dataset.train->size(), 4U);
  EXPECT_EQ(dataset.test->size(), 0U);
  EXPECT_TRUE(dataset.users.empty());
  const Batch batch = gathered(*dataset.train, {0, 1, 3}, 3);
  EXPECT_EQ(batch.inputs, (std::vector<float>{0, 1, 2, 2, 3, 0, 2, 3, 0}));
  EXPECT_EQ(batch.targets, (std::vector<std::int64_t>{3, 1, 1}));
}

TEST_F(Text, EachCharacterMayHaveATarget) {
  const Dataset dataset = of("abcdabcdab", R"("length": 3, "targets": "all", "test_share": 0)");
  EXPECT_EQ(dataset.target_shape, (std::vector<std::int64_t>{3}));
  const Batch batch = gathered(*dataset.train, {2, 0}, 3);
  EXPECT_EQ(batch.inputs, (std::vector<float>{2, 3, 0, 0, 1, 2}));
  EXPECT_EQ(batch.targets, (std::vector<std::int64_t>{3, 0, 1, 1, 2, 3}));
  EXPECT_EQ(dataset.train->labels()[0], 3);  // the last
}

TEST_F(Text, TheVocabularyIsThatOfTheTrainingPart) {
  const Dataset dataset = of("ababababxbzb", R"("length": 2, "test_share": 0.34)");
  EXPECT_EQ(dataset.classes, 3U);
  const Batch test = gathered(*dataset.test, {0}, 2);
  EXPECT_EQ(dataset.train->size(), 3U);  // of ababab a
  EXPECT_EQ(test.inputs, (std::vector<float>{1, 2}));
  EXPECT_EQ(test.targets, (std::vector<std::int64_t>{1}));
}

TEST_F(Text, SpeakersAreUsers) {
  const std::string play = "prologue\n\nKing:\nabc\n\nFool:\nxyxyxyxyxy\n\nKing:\ndef: g\n";
  const Dataset dataset = of(play, R"("length": 4, "stride": 4, "speakers": true, "test_share": 0)");
  EXPECT_EQ(dataset.users, (std::vector<std::uint32_t>{0, 0, 1, 1}));
  const Batch king = gathered(*dataset.train, {0, 1}, 4);
  // "abc\n" "\ndef" of the king's "abc\n\ndef: g\n", whoever spoke between.
  EXPECT_EQ(king.inputs[3], king.inputs[4]);
  EXPECT_EQ(king.targets[0], king.inputs[3]);
  std::set<float> fool;
  for (float symbol : gathered(*dataset.train, {2, 3}, 4).inputs) fool.insert(symbol);
  EXPECT_EQ(fool.size(), 2U);
}

TEST_F(Text, TooShortATextIsNamed) {
  try {
    (void)of("abc", R"("length": 3, "test_share": 0)");
    FAIL();
  } catch (const RunError& error) {
    EXPECT_NE(std::string(error.what()).find("no stretch of 4 characters; lower the length"),
              std::string::npos);
  }
  EXPECT_THROW((void)of("", R"("length": 3)"), RunError);
  EXPECT_THROW((void)of("nobody speaks here", R"("length": 3, "speakers": true)"), RunError);
}

class Leaf : public FolderTest {};

constexpr const char* kWriters =
    R"({"users": ["f0", "f1"], "num_samples": [2, 1], "user_data": {"f0": {"x": [[0.5, 1.0, 0.25, 1e-3], [0, 1, 1, 1]],
        "y": [4, 61]}, "f1": {"y": [0], "x": [[1, 1, 1, 0.125]]}}, "hierarchies": [null, true, {"a": "\u00e9\n"}]})";

TEST_F(Leaf, SamplesKnowTheirWriter) {
  write("train/all_data_0.json", kWriters);
  write("train/all_data_1.json", R"({"user_data": {"f1": {"x": [[1, 0, 0, 0]], "y": [7]}}})");
  write("train/notes.txt", "no data");
  write("test/all_data_0.json", R"({"user_data": {"f9": {"x": [[0, 0, 0, 0]], "y": [3]}}})");
  const Dataset dataset = make("leaf", R"("image": [1, 2, 2])");
  EXPECT_EQ(dataset.classes, 62U);
  EXPECT_EQ(dataset.shape.width, 2);
  EXPECT_EQ(dataset.users, (std::vector<std::uint32_t>{0, 0, 1, 1}));
  const Batch batch = gathered(*dataset.train, {0, 2, 3}, 4);
  EXPECT_EQ(batch.inputs, (std::vector<float>{0.5F, 1, 0.25F, 1e-3F, 1, 1, 1, 0.125F, 1, 0, 0, 0}));
  EXPECT_EQ(batch.targets, (std::vector<std::int64_t>{4, 0, 7}));
  EXPECT_EQ(gathered(*dataset.test, {0}, 4).targets, (std::vector<std::int64_t>{3}));
  const Value about =
      testing_support::described("datasets", R"({"type": "leaf", "folder": ")" + folder_.string() + R"("})");
  EXPECT_EQ(files_of(about).size(), 4U);
}

TEST_F(Leaf, ImagesOfAnotherSizeAreAScenarioMistake) {
  write("train/a.json", kWriters);
  write("test/a.json", kWriters);
  EXPECT_THROW((void)make("leaf", R"("image": [1, 28, 28])"), ScenarioError);
}

TEST_F(Leaf, TextsBecomeSymbols) {
  write("train/a.json", R"({"user_data": {"HAMLET": {"x": ["to b", "o be"], "y": ["e", ","], "raw": "to be,"},
                                          "MACBETH": {"x": ["bebe"], "y": ["b"]}}})");
  write("test/a.json", R"({"user_data": {"HAMLET": {"x": ["\u0074o:b"], "y": ["!"]}}})");
  const Dataset dataset = make("leaf");
  EXPECT_EQ(dataset.classes, 7U);  // " ,beot" and any other
  EXPECT_EQ(dataset.symbols, 7U);
  EXPECT_EQ(dataset.users, (std::vector<std::uint32_t>{0, 0, 1}));
  const Batch batch = gathered(*dataset.train, {1, 2}, 4);
  EXPECT_EQ(batch.inputs, (std::vector<float>{4, 0, 2, 3, 2, 3, 2, 3}));
  EXPECT_EQ(batch.targets, (std::vector<std::int64_t>{1, 2}));
  const Batch test = gathered(*dataset.test, {0}, 4);
  EXPECT_EQ(test.inputs, (std::vector<float>{5, 4, 6, 2}));
  EXPECT_EQ(test.targets, (std::vector<std::int64_t>{6}));
}

TEST_F(Leaf, DamageIsNamedWithItsPlace) {
  EXPECT_NE(complaint("leaf").find("train' has no .json files; expected folders 'train' and 'test'"),
            std::string::npos);
  write("test/a.json", kWriters);
  const std::string whole = kWriters;
  for (std::size_t size = 0; size < whole.size(); ++size) {
    write("train/a.json", whole.substr(0, size));
    ASSERT_NE(complaint("leaf"), "") << size;
  }
  const std::pair<const char*, const char*> mistakes[] = {
      {R"({"users": []})", "no 'user_data'"},
      {R"({"user_data": {"a": {"x": [[1]], "y": []}}})", "user 'a' has 1 x and 0 y"},
      {R"({"user_data": {"a": {"x": [[1], [1, 2]], "y": [0, 0]}}})", "an x of 2 numbers, expected 1"},
      {R"({"user_data": {"a": {"x": [[]], "y": [0]}}})", "an x of 0 numbers"},
      {R"({"user_data": {"a": {"x": [[1e999]], "y": [0]}}})", "expected a number"},
      {R"({"user_data": {"a": {"x": [[1e300]], "y": [0]}}})", "an x beyond what float32 can hold"},
      {R"({"user_data": {"a": {"x": [[-3.5e38]], "y": [0]}}})", "an x beyond what float32 can hold"},
      {R"({"user_data": {"a": {"x": [[NaN]], "y": [0]}}})", "expected a number"},
      {R"({"user_data": {"a": {"x": ["ab"], "y": ["cd"]}}})", "a y of 2 bytes, expected 1"},
      {R"({"user_data": {"a": {"x": ["ab", "a"], "y": ["c", "c"]}}})", "an x of 1 bytes"},
      {R"({"user_data": {"a": {"x": ["ab"], "y": [1]}}})", "user 'a' has"},
      {R"({"user_data": {"a": {"x": [[1, 2, 3, 4]], "y": [1.5]}}})", "has the y 1.5"},
      {R"({"user_data": {"a": {"x": [[1, 2, 3, 4]], "y": [-1]}}})", "has the y -1"},
      {R"({"user_data": {}})", "holds no samples"},
      {R"({"user_data": {"a": {"x": [[1, 2, 3, 4]], "y": [1]}}} x)", "goes on after its end"},
      {R"({"user_data": {"\ud800": {}}})", "half a character"},
      {R"({"user_data": {"a": {"x": [[1, 2, 3]], "y": [1]}}})", "of another kind or length"}};
  for (const auto& [text, expected] : mistakes) {
    write("train/a.json", text);
    EXPECT_NE(complaint("leaf").find(expected), std::string::npos) << text << " -> " << complaint("leaf");
  }
  write("train/a.json", R"({"hierarchies": )" + std::string(100'000, '[') + "}");
  EXPECT_NE(complaint("leaf").find("more than 64 deep"), std::string::npos);
}

}  // namespace
}  // namespace telegrad::training
