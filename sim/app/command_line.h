#pragma once

namespace telegrad::app {

inline constexpr int kDone = 0;
inline constexpr int kRunFailed = 1;   // a typed status is in the results
inline constexpr int kWrongUsage = 2;  // of the command line, or a wrong scenario
inline constexpr int kSomeFailed = 3;  // cells of a sweep; the others are there
// A signal ends the program with 128 + its number: 130 for Ctrl-C, 143 for SIGTERM.

/// Parses the command line and does what its verb says. Throws ScenarioError and RunError.
int command_line(int argc, char** argv);

/// What an exception that reached main means: tells the user on stderr, returns the exit code.
int explain_failure();

}  // namespace telegrad::app
