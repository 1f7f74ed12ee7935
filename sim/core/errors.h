#pragma once

#include <source_location>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace telegrad {

/// One mistake in a file of the user's: what and where, what was expected, and how to mend it.
struct Problem {
  std::string pointer;  // JSON pointer, "" for the whole file
  int line = 0;         // 1-based, 0 when not known (a --set override, a default)
  int column = 0;
  std::string message;   // "0 is out of range, expected ..."
  std::string remedy;    // "did you mean 'ratio'?", may be empty
  std::string origin{};  // "--set /x" where an override is to blame, else empty: the file
};

/// The user's mistakes, all at once. Nothing has been written when it is thrown. Exit code 2.
class ScenarioError final : public std::runtime_error {
 public:
  ScenarioError(std::string file, std::vector<Problem> problems);
  const std::string& file() const { return file_; }
  const std::vector<Problem>& problems() const { return problems_; }

 private:
  std::string file_;
  std::vector<Problem> problems_;
};

/// Why a run ended early; its words stand in the results. Exit code 1.
enum class Failure { stalled, unreachable, connection_lost, not_finite, bad_data, storage, internal };

const char* to_string(Failure failure);

/// This run's failure, not the user's file and not our bug.
class RunError final : public std::runtime_error {
 public:
  RunError(Failure failure, const std::string& detail) : std::runtime_error(detail), failure_(failure) {}
  Failure failure() const { return failure_; }

 private:
  Failure failure_;
};

/// Our own bugs: says where and aborts. Stays on in release builds.
void expect(bool condition, std::string_view what = {},
            std::source_location place = std::source_location::current());

}  // namespace telegrad
