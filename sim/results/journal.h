#pragma once

#include <optional>
#include <string>

#include "sim/results/database.h"

namespace telegrad::results {

enum class Journal { automatic, rollback };

/// Name of a network file system by its number (statfs); nullopt for the others. Programs on several machines that
/// share one do not share memory, which SQLite's write-ahead log needs.
std::optional<std::string> network_file_system(long type);

/// Turns the write-ahead log on, so that the database can be read while it is written. Where that cannot work, a
/// rollback journal; then says so, in a sentence, else "".
std::string use_journal(Database& database, Journal wanted);

/// Moves what the journal holds into the database, where that can be, so that the journal has room again.
void empty_journal(Database& database);

/// Back to a plain single file, unless somebody is reading right now.
void drop_journal(Database& database);

}  // namespace telegrad::results
