#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "sim/core/errors.h"
#include "sim/core/observer.h"
#include "sim/results/database.h"
#include "sim/results/manifest.h"

namespace telegrad::results {

/// A folder of the test's own, gone when it ends.
class Scratch : public testing::Test {
 protected:
  Scratch();
  ~Scratch() override;

  std::filesystem::path folder_;
};

std::string read_file(const std::filesystem::path& file);

/// One number that a query gives; -1 for NULL or no row.
double number(const Database& database, std::string_view query);

/// What a RunError(storage) says; fails the test when there is none.
template <class Action>
std::string storage_complaint(Action action) {
  try {
    action();
  } catch (const RunError& error) {
    EXPECT_EQ(error.failure(), Failure::storage);
    return error.what();
  }
  ADD_FAILURE() << "nothing was thrown";
  return "";
}

/// Two workers and a hub.
Manifest small_manifest();

constexpr SimTime ms(std::int64_t count) { return std::chrono::milliseconds(count); }

/// Round r of a run with two workers, which lasts from 100 (r - 1) to 100 r ms: per worker 3 blocks of 100 bytes up
/// (worker 1 loses one of them) and 200 bytes down.
void play_round(Observer& observer, std::uint64_t round);

}  // namespace telegrad::results
