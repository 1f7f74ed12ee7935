#include "sim/app/report.h"

#include <spdlog/spdlog.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <vector>

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/core/errors.h"

namespace telegrad::app {
namespace {

[[noreturn]] void refuse(const std::string& why) {
  throw RunError(Failure::internal,
                 "the report or the export cannot be made: " + why + "; ./dev setup installs what it needs");
}

/// Runs a program of analysis/; returns its exit code.
int run_python(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {TELEGRAD_PYTHON, "-B"});
  std::vector<char*> pointers;
  for (std::string& argument : arguments) pointers.push_back(argument.data());
  pointers.push_back(nullptr);
  pid_t child = 0;
  // Spawned, never forked: LibTorch's threads do not survive a fork.
  int failed = posix_spawnp(&child, pointers.front(), nullptr, nullptr, pointers.data(), environ);
  if (failed != 0) refuse(arguments.front() + " does not start (" + std::strerror(failed) + ")");
  int status = 0;
  while (waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) refuse(std::strerror(errno));
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

int make_report(const std::filesystem::path& folder) {
  return run_python({TELEGRAD_ANALYSIS_DIR "/report.py", folder.string()});
}

bool reported(const std::filesystem::path& folder) {
  try {
    if (make_report(folder) == 0) return true;
  } catch (const RunError& error) {
    spdlog::warn("{}", error.what());
  }
  spdlog::warn("the report failed, the results are complete: telegrad report {}", folder.string());
  return false;
}

int make_export(const std::filesystem::path& folder, const std::string& format,
                const std::filesystem::path& out) {
  std::vector<std::string> arguments{TELEGRAD_ANALYSIS_DIR "/export.py", folder.string(), "--format", format};
  if (!out.empty()) arguments.insert(arguments.end(), {"--out", out.string()});
  return run_python(std::move(arguments));
}

}  // namespace telegrad::app
