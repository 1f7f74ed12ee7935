#include "sim/app/text_table.h"

#include <gtest/gtest.h>

namespace telegrad::app {
namespace {

TEST(TextTable, AlignsColumnsByCharactersAndLeavesNoSpacesAtTheEnd) {
  EXPECT_EQ(text_table({{"a", "bb", "c"}, {"größe", "", "x"}, {"z", "y", ""}}, 2),
            "  a      bb  c\n  größe      x\n  z      y\n");
}

}  // namespace
}  // namespace telegrad::app
