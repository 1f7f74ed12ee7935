#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/streambuf.hpp>
#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "sim/sweep/grid.h"

namespace telegrad::sweep {

/// A program to run: its stdout is read line by line, its stderr goes into a file.
struct Command {
  std::vector<std::string> arguments;  // the first is the program
  std::filesystem::path log;
  Limits limits;
};

/// How a child ended. Of the host: times and memory of its process.
struct Exit {
  int code = 0;        // exit code; -1 where a signal or a limit ended it
  std::string reason;  // "killed by SIGABRT", "memory", "wall", "stalled"; "" for an exit of its own
  double host_s = 0;
  double memory_mb = 0;  // the most that was seen; 0 for one that ended too soon to look
};

/// One child process: spawned, never forked, since threads do not survive that. It is killed when this is destroyed.
class Child final {
 public:
  using Line = std::function<void(const std::string&)>;
  using End = std::function<void(const Exit&)>;

  /// Throws RunError(internal) where it does not start. `end` is called once, from the context.
  Child(boost::asio::io_context& context, const Command& command, Line line, End end);
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

 private:
  using Clock = std::chrono::steady_clock;

  void read();
  void watch();
  void kill(const char* reason);
  Exit reap();

  boost::asio::posix::stream_descriptor output_;
  boost::asio::streambuf buffer_;
  boost::asio::steady_timer timer_;
  Limits limits_;
  Line line_;
  End end_;
  int pid_ = -1;
  std::string reason_;
  double most_memory_mb_ = 0;
  Clock::time_point begin_ = Clock::now();
  Clock::time_point alive_ = begin_;
  std::shared_ptr<void> life_ = std::make_shared<char>();  // handlers that outlive this see that it is gone
};

}  // namespace telegrad::sweep
