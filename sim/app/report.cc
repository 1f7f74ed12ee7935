#include "sim/app/report.h"

#include <cerrno>
#include <cstring>
#include <string>

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/core/errors.h"

namespace telegrad::app {
namespace {

[[noreturn]] void refuse(const std::string& why) {
  throw RunError(Failure::internal,
                 "the report cannot be made: " + why + "; ./dev setup installs what it needs");
}

}  // namespace

int make_report(const std::filesystem::path& folder) {
  std::string python = TELEGRAD_PYTHON;
  std::string flag = "-B";
  std::string script = TELEGRAD_ANALYSIS_DIR "/report.py";
  std::string where = folder.string();
  char* arguments[] = {python.data(), flag.data(), script.data(), where.data(), nullptr};
  pid_t child = 0;
  // Spawned, never forked: LibTorch's threads do not survive a fork.
  int failed = posix_spawnp(&child, python.c_str(), nullptr, nullptr, arguments, environ);
  if (failed != 0) refuse(python + " does not start (" + std::strerror(failed) + ")");
  int status = 0;
  while (waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) refuse(std::strerror(errno));
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace telegrad::app
