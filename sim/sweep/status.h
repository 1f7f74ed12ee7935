#pragma once

#include <optional>

#include "sim/sweep/database.h"

namespace telegrad::sweep {

/// How long what is left will take this host, from jobs of the same kind and method that have ended, else of the same
/// kind; nullopt where nothing comparable has.
std::optional<double> seconds_left(const results::Database& database, unsigned processes);

/// How a sweep stands, for people: counts, what runs, what failed and why, time left.
std::string status_page(const results::Database& database, bool at_work);
/// The same for programs.
Value status_value(const results::Database& database, bool at_work);

}  // namespace telegrad::sweep
