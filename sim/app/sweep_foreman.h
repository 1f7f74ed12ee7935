#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "sim/sweep/database.h"
#include "sim/sweep/engine.h"
#include "sim/sweep/store.h"

namespace telegrad::app {

/// Writes what becomes of a sweep's jobs into its database, and says how far it is on stderr.
class SweepForeman final : public sweep::Foreman {
 public:
  SweepForeman(std::filesystem::path folder, sweep::SweepDatabase& database, sweep::Store& store,
               sweep::Judging judging, sweep::Limits limits, unsigned processes);
  ~SweepForeman() override;

  sweep::Command command(const sweep::Job& job) override;
  int attempts(const sweep::Job& job) override { return database_.attempts(job.key); }
  void started(const sweep::Job& job) override;
  void line(const sweep::Job& job, const std::string& text) override;
  void done(const sweep::Job& job, const sweep::Exit& exit) override;
  void died(const sweep::Job& job, const sweep::Exit& exit) override;
  void failed(const sweep::Job& job, const sweep::Exit& exit, const char* status) override;

 private:
  std::filesystem::path order_file(const sweep::Job& job) const;
  std::filesystem::path log_file(const sweep::Job& job) const;
  std::string log_tail(const sweep::Job& job) const;
  void show();

  std::filesystem::path folder_;
  sweep::SweepDatabase& database_;
  sweep::Store& store_;
  sweep::Judging judging_;
  sweep::Limits limits_;
  unsigned processes_;
  std::map<std::string, std::pair<std::string, std::string>> complaints_;  // by job: reason, detail
};

}  // namespace telegrad::app
