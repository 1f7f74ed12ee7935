#include "training/state_pickle.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace telegrad::training {
namespace {

std::vector<StoredTensor> two() {
  return {
      {.name = "fc.weight", .storage_type = "FloatStorage", .record = "0", .shape = {2, 3}, .strides = {}},
      {.name = "fc.bias", .storage_type = "HalfStorage", .record = "1", .shape = {}, .strides = {}}};
}

TEST(StatePickle, ReadsWhatItWrote) {
  const auto read = read_state_pickle(write_state_pickle(two()));
  ASSERT_EQ(read.size(), 2U);
  EXPECT_EQ(read[0].name, "fc.weight");
  EXPECT_EQ(read[0].storage_type, "FloatStorage");
  EXPECT_EQ(read[0].shape, (std::vector<std::int64_t>{2, 3}));
  EXPECT_EQ(read[0].strides, (std::vector<std::int64_t>{3, 1}));
  EXPECT_EQ(read[1].record, "1");
  EXPECT_EQ(read[1].storage_type, "HalfStorage");
  EXPECT_TRUE(read[1].shape.empty());
}

TEST(StatePickle, CallsNothing) {
  // os.system('true'), as a hostile file would.
  EXPECT_THROW((void)read_state_pickle("\x80\x02"
                                       "cos\nsystem\n"
                                       "X\x04" +
                                       std::string(3, '\0') + "true\x85R."),
               std::runtime_error);
}

TEST(StatePickle, NestingAndCyclesDoNoHarm) {
  const std::string deep = "\x80\x02)" + std::string(500'000, '\x85') + ".";
  EXPECT_THROW((void)read_state_pickle(deep), std::runtime_error);
  EXPECT_THROW((void)read_state_pickle(std::string("\x80\x02]q\0h\0a.", 9)), std::runtime_error);
  const std::string many = "\x80\x02" + std::string(2'000'000, ')') + ".";
  EXPECT_THROW((void)read_state_pickle(many), std::runtime_error);
}

TEST(StatePickle, NoCutOrChangedPickleDoesHarm) {
  const std::string whole = write_state_pickle(two());
  for (std::size_t length = 0; length < whole.size(); ++length) {
    EXPECT_THROW((void)read_state_pickle(whole.substr(0, length)), std::runtime_error) << length;
  }
  for (std::size_t at = 0; at < whole.size(); ++at) {
    for (int change : {1, 0x80, 0x29, 0xff}) {
      std::string other = whole;
      other[at] = static_cast<char>(other[at] ^ change);
      try {
        (void)read_state_pickle(other);
      } catch (const std::runtime_error&) {  // what it should say, or another name or number
      }
    }
  }
}

}  // namespace
}  // namespace telegrad::training
