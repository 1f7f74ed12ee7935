#pragma once

#include <string_view>

#include "sim/core/value.h"
#include "sim/results/database.h"
#include "sim/results/manifest.h"

namespace telegrad::results {

/// Makes the tables of schema version 3 and fills in what is known of the run; its status is then "running".
void write_beginning(Database& database, const Manifest& manifest);

/// Judges the targets on the rounds in the database and says how the run ended.
void write_ending(Database& database, const Manifest& manifest, const Ending& ending);

/// A value of the table `meta`; null where there is none.
Value read_meta(const Database& database, std::string_view key);

}  // namespace telegrad::results
