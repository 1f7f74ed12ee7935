#include "sim/sweep/child.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/read_until.hpp>
#include <cstring>
#include <fstream>
#include <istream>

#include "sim/core/errors.h"

namespace telegrad::sweep {
namespace {

constexpr auto kLook = std::chrono::milliseconds(250);  // how often limits are looked at

/// Resident memory of a process; 0 where it is gone.
double memory_mb(int pid) {
  std::ifstream in("/proc/" + std::to_string(pid) + "/statm");
  double all = 0;
  double resident = 0;
  in >> all >> resident;
  return resident * static_cast<double>(::sysconf(_SC_PAGESIZE)) / 1e6;
}

/// What a child's files are, and that the terminal's Ctrl-C is its parent's to handle.
class Plan {
 public:
  Plan(int output, const std::string& log) {
    posix_spawn_file_actions_init(&files_);
    posix_spawn_file_actions_addopen(&files_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&files_, output, STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&files_, STDERR_FILENO, log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
    posix_spawnattr_init(&attributes_);
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETPGROUP);
  }
  ~Plan() {
    posix_spawn_file_actions_destroy(&files_);
    posix_spawnattr_destroy(&attributes_);
  }
  Plan(const Plan&) = delete;
  Plan& operator=(const Plan&) = delete;

  int spawn(std::vector<std::string> arguments, int& pid) {
    std::vector<char*> pointers;
    for (std::string& argument : arguments) pointers.push_back(argument.data());
    pointers.push_back(nullptr);
    return posix_spawn(&pid, pointers.front(), &files_, &attributes_, pointers.data(), environ);
  }

 private:
  posix_spawn_file_actions_t files_;
  posix_spawnattr_t attributes_;
};

}  // namespace

Child::Child(boost::asio::io_context& context, const Command& command, Line line, End end)
    : output_(context), timer_(context), limits_(command.limits), line_(std::move(line)),
      end_(std::move(end)) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw RunError(Failure::internal, std::strerror(errno));
  output_.assign(ends[0]);
  int failed = Plan(ends[1], command.log.string()).spawn(command.arguments, pid_);
  ::close(ends[1]);
  if (failed != 0) {
    pid_ = -1;
    throw RunError(Failure::internal,
                   command.arguments.front() + " does not start (" + std::strerror(failed) + ")");
  }
  read();
  watch();
}

Child::~Child() {
  if (pid_ < 0) return;
  ::kill(-pid_, SIGKILL);
  reap();
}

void Child::read() {
  auto life = std::weak_ptr<void>(life_);
  boost::asio::async_read_until(output_, buffer_, '\n',
                                [this, life](boost::system::error_code error, std::size_t) {
                                  if (life.expired()) return;
                                  alive_ = Clock::now();
                                  if (error) {  // its end of the pipe is closed
                                    timer_.cancel();
                                    Exit exit = reap();
                                    End end = std::move(end_);
                                    end(exit);  // may destroy this
                                    return;
                                  }
                                  std::istream in(&buffer_);
                                  std::string line;
                                  std::getline(in, line);
                                  line_(line);
                                  read();
                                });
}

void Child::watch() {
  timer_.expires_after(kLook);
  timer_.async_wait([this, life = std::weak_ptr<void>(life_)](boost::system::error_code error) {
    if (error || life.expired()) return;
    auto since = [](Clock::time_point when) {
      return std::chrono::duration<double>(Clock::now() - when).count();
    };
    most_memory_mb_ = std::max(most_memory_mb_, memory_mb(pid_));
    if (limits_.memory_mb > 0 && most_memory_mb_ > limits_.memory_mb) kill("memory");
    if (limits_.wall_s > 0 && since(begin_) > limits_.wall_s) kill("wall");
    if (limits_.stall_s > 0 && since(alive_) > limits_.stall_s) kill("stalled");
    watch();
  });
}

void Child::kill(const char* reason) {
  if (reason_.empty()) reason_ = reason;
  ::kill(-pid_, SIGKILL);  // and what it started: the pipe closes, and its end is told
}

Exit Child::reap() {
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {}
  pid_ = -1;
  Exit exit;
  exit.host_s = std::chrono::duration<double>(Clock::now() - begin_).count();
  exit.memory_mb = most_memory_mb_;
  exit.code = WIFEXITED(status) && reason_.empty() ? WEXITSTATUS(status) : -1;
  exit.reason = reason_;
  if (reason_.empty() && WIFSIGNALED(status)) {
    const char* name = ::sigabbrev_np(WTERMSIG(status));
    exit.reason =
        "killed by " + (name != nullptr ? "SIG" + std::string(name) : std::to_string(WTERMSIG(status)));
  }
  return exit;
}

}  // namespace telegrad::sweep
