#pragma once

#include <filesystem>

namespace telegrad::app {

/// Runs the report's Python on a run's folder, with its output on ours; returns its exit code. Throws
/// RunError(internal) when it does not start.
int make_report(const std::filesystem::path& folder);

}  // namespace telegrad::app
