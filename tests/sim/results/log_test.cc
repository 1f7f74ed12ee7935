#include "sim/results/log.h"

#include <gmock/gmock.h>

#include "tests/sim/results/scratch.h"

namespace telegrad::results {
namespace {

using testing::HasSubstr;

class ALog : public Scratch {};

TEST_F(ALog, IsThereFromTheBeginning) {
  Log log(folder_ / "log.txt");
  EXPECT_TRUE(std::filesystem::exists(folder_ / "log.txt"));
}

TEST_F(ALog, ThatCannotBeMadeIsAnError) {
  std::ofstream(folder_ / "file") << "no folder";
  EXPECT_THAT(storage_complaint([&] { Log log(folder_ / "file" / "log.txt"); }), HasSubstr("log.txt"));
}

}  // namespace
}  // namespace telegrad::results
