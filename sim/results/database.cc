#include "sim/results/database.h"

#include <sqlite3.h>

#include <cstdio>
#include <utility>

#include "sim/results/storage_error.h"

namespace telegrad::results {
namespace {

constexpr int kPatienceMs = 10'000;  // for a lock that another program holds

const char* remedy_for(int code) {
  switch (code & 0xff) {
    case SQLITE_FULL: return "free some space there, or choose another folder with --out";
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH: return "choose a folder with --out that you may write to";
    case SQLITE_CANTOPEN: return "check that the folder is there and that you may read and write in it";
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return "another program keeps it locked: close that one";
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT: return "this is no intact database of telegrad: make the run again";
    case SQLITE_IOERR:
      return "check that disk, its free space and your quota there, or choose another folder with --out";
    default: return "check that disk, or choose another folder with --out";
  }
}

/// "file:/a/b%3Fc?query": a path in which '?', '#' and '%' stand for themselves.
std::string uri(const std::filesystem::path& file, const char* query) {
  std::string text = "file:";
  for (char c : std::filesystem::absolute(file).string()) {
    char escaped[4];
    std::snprintf(escaped, sizeof escaped, "%%%02X", static_cast<unsigned char>(c));
    if (c == '?' || c == '#' || c == '%') {
      text += escaped;
    } else {
      text += c;
    }
  }
  return text + query;
}

}  // namespace

Database::Database(const std::filesystem::path& file, const std::string& name, int flags) : file_(file) {
  int code =
      sqlite3_open_v2(name.c_str(), &handle_, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
  if (code != SQLITE_OK) {
    auto error = storage_error(file_, "cannot be opened",
                               handle_ ? sqlite3_errmsg(handle_) : sqlite3_errstr(code), remedy_for(code));
    sqlite3_close(handle_);
    throw error;
  }
  sqlite3_busy_timeout(handle_, kPatienceMs);
}

Database Database::open(const std::filesystem::path& file) {
  return Database(file, file.string(), SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
}

Database Database::open_to_read(const std::filesystem::path& file) {
  int flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_URI;
  Database plain(file, uri(file, "?mode=ro"), flags);
  const char* probe = "SELECT count(*) FROM sqlite_master";
  if (sqlite3_exec(plain.handle_, probe, nullptr, nullptr, nullptr) == SQLITE_OK) return plain;
  // A finished database in WAL mode whose folder is read-only opens only as one that never changes.
  std::filesystem::path log = file;
  log += "-wal";
  std::error_code ignored;
  if (std::filesystem::exists(log, ignored)) plain.fail("cannot be read");
  Database fixed(file, uri(file, "?immutable=1"), flags);
  fixed.prepare(probe).step();
  return fixed;
}

Database::Database(Database&& other) noexcept
    : file_(std::move(other.file_)), handle_(std::exchange(other.handle_, nullptr)) {}

Database::~Database() { sqlite3_close(handle_); }

void Database::fail(std::string_view what) const {
  int code = sqlite3_extended_errcode(handle_);
  throw storage_error(file_, what, sqlite3_errmsg(handle_), remedy_for(code));
}

void Database::run(const char* sql) {
  if (sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr) != SQLITE_OK) fail("cannot be written");
}

Statement Database::prepare(std::string_view sql) const {
  sqlite3_stmt* statement = nullptr;
  int code = sqlite3_prepare_v2(handle_, sql.data(), static_cast<int>(sql.size()), &statement, nullptr);
  if (code != SQLITE_OK) fail("does not have the tables of a telegrad database");
  return Statement(*this, statement);
}

std::optional<std::string> Database::text(std::string_view query) const {
  Statement statement = prepare(query);
  if (!statement.step()) return std::nullopt;
  return std::string(statement.text(0));
}

Transaction::Transaction(Database& database) : database_(database) { database_.run("BEGIN IMMEDIATE"); }

Transaction::~Transaction() {
  if (!open_) return;
  try {
    database_.run("ROLLBACK");
  } catch (const RunError&) {  // SQLite has rolled back by itself
  }
}

void Transaction::commit() {
  database_.run("COMMIT");
  open_ = false;
}

}  // namespace telegrad::results
