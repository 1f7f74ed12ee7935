#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "sim/app/session.h"

namespace CLI {
class App;
}

namespace telegrad::app {

/// What verbs that make results of one run have in common.
struct RunOptions {
  std::string out;
  unsigned threads = 0;
  bool replace = false;
  bool no_report = false;
};

void add_run_options(CLI::App& verb, RunOptions& options);

using MakeSession =
    std::function<std::unique_ptr<Session>(const std::filesystem::path& folder, results::Replace)>;

/// Runs a session in the folder that the options name, tells what came of it, and makes the page. after: with what
/// the session saw, once it has ended well. Returns the exit code. Throws as Session does.
int run_session(const std::string& name, const RunOptions& options, const MakeSession& make,
                const std::function<void(const Session&)>& after = nullptr);

}  // namespace telegrad::app
