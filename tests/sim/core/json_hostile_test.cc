#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <fstream>

#include "sim/core/json.h"

namespace telegrad {
namespace {

using testing::HasSubstr;

class HostileFile : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() /
              ("telegrad-hostile-" + std::to_string(getpid()) + "-" +
               testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path write(const std::string& bytes) {
    std::filesystem::path file = folder_ / "file.json";
    std::ofstream(file, std::ios::binary) << bytes;
    return file;
  }

  /// The first complaint; "" when all is well.
  static std::string complaint(const Parsed& parsed) {
    return parsed.problems.empty() ? "" : parsed.problems.front().message;
  }

  std::filesystem::path folder_;
};

TEST_F(HostileFile, OfTheGreatestSizeIsReadAndOneByteMoreIsNot) {
  std::string most = "\"" + std::string(kLargestJson - 2, 'x') + "\"";
  EXPECT_EQ(complaint(read_json(write(most))), "");
  EXPECT_THAT(complaint(read_json(write(most + " "))), HasSubstr("larger than 16 MiB"));
}

TEST_F(HostileFile, WithoutAnEndIsGivenUpOn) {
  EXPECT_THAT(complaint(read_json("/dev/zero")), HasSubstr("larger than 16 MiB"));
}

TEST_F(HostileFile, OfDepth64IsReadAndOfDepth65IsNot) {
  auto nested = [](int depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_EQ(complaint(parse_json(nested(64))), "");
  EXPECT_THAT(complaint(parse_json(nested(65))), HasSubstr("more than 64"));
  EXPECT_THAT(complaint(parse_json(std::string(kLargestJson, '['))), HasSubstr("more than 64"));
}

TEST_F(HostileFile, WithNulBytesIsNotTakenToEndThere) {
  EXPECT_THAT(complaint(parse_json(std::string_view("{}\0 garbage", 11))), HasSubstr("NUL byte"));
  EXPECT_THAT(complaint(parse_json(R"({"a": "\u0000"})")), HasSubstr("U+0000"));
  EXPECT_THAT(complaint(parse_json(R"({"a\u0000": 1})")), HasSubstr("U+0000"));
}

TEST_F(HostileFile, WithBrokenTextIsRefused) {
  EXPECT_THAT(complaint(parse_json("\xEF\xBB\xBF{}")), HasSubstr("byte order mark"));
  for (const char* text : {"\"\\ud800\"", "\"\\udc00\"", "\"\\ud800\\u0041\"", "\"\xff\"", "\"\xc0\xaf\"",
                           "\"\xed\xa0\x80\"", "\"\xf4\x90\x80\x80\"", "\"\t\"", "\"\\x\""}) {
    EXPECT_THAT(complaint(parse_json(text)), HasSubstr("invalid string")) << text;
  }
}

TEST_F(HostileFile, ThatIsNoFileIsRefused) {
  EXPECT_THAT(complaint(read_json(folder_)), HasSubstr("is a directory"));
  EXPECT_THAT(complaint(read_json(folder_ / "absent.json")), HasSubstr("no such file"));
  EXPECT_THAT(complaint(read_json(write(""))), HasSubstr("unexpected end of input"));
}

TEST_F(HostileFile, ThatMayNotBeReadIsRefused) {
  std::filesystem::path file = write("{}");
  std::filesystem::permissions(file, std::filesystem::perms::none);
  if (geteuid() == 0) GTEST_SKIP() << "root may read everything";
  EXPECT_THAT(complaint(read_json(file)), HasSubstr("cannot be opened"));
}

TEST_F(HostileFile, WithManyMistakesTellsAFewOfThem) {
  auto repeated = [](std::string text, const char* more) {
    for (int i = 0; i < 50'000; ++i) text += more;
    return text;
  };
  EXPECT_LE(parse_json(repeated("[0", ",1e-400") + "]").problems.size(), 100u);
  EXPECT_LE(parse_json(repeated("{\"a\":1", ",\"a\":1") + "}").problems.size(), 100u);
}

TEST_F(HostileFile, OfManyKeysTakesNoLongerThanItsLength) {
  auto seconds_for = [](int keys) {
    std::string text = "{\"k\":0";
    for (int i = 0; i < keys; ++i) text += ",\"" + std::to_string(i) + "\":0";
    text += "}";
    auto begin = std::chrono::steady_clock::now();
    EXPECT_EQ(complaint(parse_json(text)), "");
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  };
  double few = seconds_for(10'000);
  EXPECT_LT(seconds_for(100'000), 50 * few + 1);  // 100 times as long were it quadratic
}

}  // namespace
}  // namespace telegrad
