// An .npy file whose header is tens of kilobytes long ended the program: a regular expression went through it by recursion,
// and the stack ran out.

#include <gtest/gtest.h>

#include "sim/core/npy.h"

namespace telegrad {
namespace {

TEST(LongNpyHeaders, AreRead) {
  std::string dictionary = "{'descr': '|u1', 'fortran_order': False, 'shape': (";
  for (int i = 0; i < 20'000; ++i) dictionary += "1, ";
  dictionary += "), }";
  std::string bytes(kNpyMagic);
  bytes += {'\2', '\0', static_cast<char>(dictionary.size()), static_cast<char>(dictionary.size() >> 8),
            '\0', '\0'};
  const auto header = read_npy_header(bytes + dictionary);
  ASSERT_TRUE(header.has_value());
  ASSERT_TRUE(header->shape.has_value());
  EXPECT_EQ(header->shape->size(), 20'000U);
}

}  // namespace
}  // namespace telegrad
