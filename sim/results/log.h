#pragma once

#include <filesystem>
#include <memory>

namespace telegrad::results {

/// While this lives, all that spdlog's default logger is told also goes into a file, whatever the terminal shows,
/// with the host's date and time. Throws RunError(storage) when the file cannot be made.
class Log final {
 public:
  explicit Log(const std::filesystem::path& file);
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;
  ~Log();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace telegrad::results
