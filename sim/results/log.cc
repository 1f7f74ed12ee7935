#include "sim/results/log.h"

#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cerrno>

#include "sim/results/storage_error.h"

namespace telegrad::results {

struct Log::State {
  std::shared_ptr<spdlog::logger> logger;
  std::shared_ptr<spdlog::sinks::basic_file_sink_mt> sink;
};

Log::Log(const std::filesystem::path& file) : state_(std::make_unique<State>()) {
  try {
    state_->sink = std::make_shared<spdlog::sinks::basic_file_sink_mt>(file.string(), true);
  } catch (const spdlog::spdlog_ex&) {
    throw storage_error(file, "the log cannot be made", errno);
  }
  state_->sink->set_pattern("%Y-%m-%d %H:%M:%S.%e %l: %v");
  state_->logger = spdlog::default_logger();
  state_->logger->sinks().push_back(state_->sink);
  state_->logger->flush_on(spdlog::level::info);
  state_->logger->set_error_handler([](const std::string&) {});  // a full disk is the database's to report
}

Log::~Log() {
  state_->sink->flush();
  auto& sinks = state_->logger->sinks();
  sinks.erase(std::remove(sinks.begin(), sinks.end(), state_->sink), sinks.end());
}

}  // namespace telegrad::results
