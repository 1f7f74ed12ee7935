#pragma once

#include <filesystem>
#include <string>

namespace telegrad::app {

// Both run Python on a run's or a sweep's folder, with its output on ours, and return its exit code. They throw
// RunError(internal) when it does not start.

int make_report(const std::filesystem::path& folder);

/// The same for results that are there whatever becomes of the page: says on stderr if it fails. Throws nothing.
bool reported(const std::filesystem::path& folder);

/// format: "csv", "parquet", "json", "tensorboard". out: "" for a folder in `folder`.
int make_export(const std::filesystem::path& folder, const std::string& format,
                const std::filesystem::path& out);

}  // namespace telegrad::app
