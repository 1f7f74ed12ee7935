#include "sim/core/npy.h"

#include <gtest/gtest.h>

namespace telegrad {
namespace {

using Shape = std::vector<std::int64_t>;

std::string file(unsigned version, const std::string& dictionary) {
  std::string bytes(kNpyMagic);
  bytes += {static_cast<char>(version), '\0', static_cast<char>(dictionary.size()), '\0'};
  if (version > 1) bytes += {'\0', '\0'};
  return bytes + dictionary + "data";
}
const std::string kDictionary = "{'shape': (2, 30,), 'fortran_order':False, 'descr' : '<f8'}";

TEST(Npy, KeysOfTheDictionaryStandInAnyOrder) {
  for (unsigned version : {1U, 2U, 3U}) {
    const std::string bytes = file(version, kDictionary);
    const auto header = read_npy_header(bytes);
    ASSERT_TRUE(header.has_value());
    EXPECT_EQ(header->version, version);
    EXPECT_EQ(header->length, kDictionary.size());
    EXPECT_EQ(bytes.substr(header->data), "data");
    EXPECT_EQ(header->type, "<f8");
    EXPECT_TRUE(header->c_order);
    EXPECT_EQ(header->shape, (Shape{2, 30}));
  }
}

TEST(Npy, ASingleNumberHasAnEmptyShape) {
  EXPECT_EQ(read_npy_header(file(1, "{'shape': ()}"))->shape, Shape());
  EXPECT_FALSE(read_npy_header(file(1, "{'shape': 3}"))->shape.has_value());
}

TEST(Npy, WhatIsNotSaidIsMissing) {
  const auto header = read_npy_header(file(1, "{'fortran_order': True}"));
  EXPECT_EQ(header->type, "");
  EXPECT_FALSE(header->c_order);
  EXPECT_FALSE(header->shape.has_value());
}

TEST(Npy, OtherFilesAreNone) {
  EXPECT_FALSE(read_npy_header(std::string()).has_value());
  EXPECT_FALSE(read_npy_header(std::string("\x93NUMP")).has_value());
}

TEST(Npy, ACutHeaderHasNoData) {
  for (unsigned version : {1U, 2U}) {
    const std::string bytes = file(version, kDictionary);
    const std::size_t data = bytes.size() - 4;
    for (std::size_t size = kNpyMagic.size(); size < data; ++size) {
      const auto header = read_npy_header(std::span(bytes).first(size));
      ASSERT_TRUE(header.has_value());
      EXPECT_EQ(header->version.has_value(), size >= 10) << size;
      EXPECT_EQ(header->data, 0U) << size;
    }
    EXPECT_EQ(read_npy_header(std::span(bytes).first(data))->data, data);
  }
}

TEST(Npy, VersionsNobodyKnowsAreNotRead) {
  const auto header = read_npy_header(file(4, kDictionary));
  EXPECT_EQ(header->version, 4U);
  EXPECT_EQ(header->data, 0U);
}

TEST(Npy, AHeaderAsLongAsTheyMayBeIsRead) {
  const std::string begin = "{'fortran_order': False, 'descr': '<f4', 'shape': (";
  std::string shape;
  while (begin.size() + shape.size() + 6 <= kLongestNpyHeader) shape += "1, ";
  for (const std::string& filling : {shape, std::string(shape.size(), ' '), std::string(shape.size(), '1')}) {
    std::string dictionary = begin + filling + ")}";
    dictionary.resize(kLongestNpyHeader, ' ');
    std::string bytes = file(2, "");
    bytes.resize(bytes.size() - 4);
    bytes[10] = 1;  // 64 KiB
    const auto header = read_npy_header(bytes + dictionary);
    ASSERT_TRUE(header.has_value());
    EXPECT_EQ(header->data, 12 + kLongestNpyHeader);
    EXPECT_EQ(header->type, "<f4");
    EXPECT_TRUE(header->c_order);
    EXPECT_EQ(header->shape.has_value(), filling[1] != '1');  // no number is that long
    if (header->shape) {
      EXPECT_EQ(*header->shape, Shape(filling[0] == '1' ? shape.size() / 3 : 0, 1));
    }
  }
}

TEST(Npy, WhatIsNoShapeIsNone) {
  for (const char* shape :
       {"(", "(2", "(2, x)", "(2 3)", "(,)", "(-1,)", "(99999999999999999999,)", "[2]", "2)"}) {
    const std::string bytes = file(1, std::string("{'descr': '<f4', 'shape': ") + shape + "}");
    EXPECT_FALSE(read_npy_header(bytes)->shape.has_value()) << shape;
  }
  EXPECT_EQ(read_npy_header(file(1, "{'descr' '<f4', 'shape': (3,)}"))->type, "");
  EXPECT_EQ(read_npy_header(file(1, "{'descr': '<f4"))->type, "");
}

TEST(Npy, AnEndlessHeaderIsNotRead) {
  std::string bytes = file(2, kDictionary);
  bytes[10] = 2;  // 128 KiB more
  bytes.resize(200000, ' ');
  EXPECT_EQ(read_npy_header(bytes)->data, 0U);
}

}  // namespace
}  // namespace telegrad
