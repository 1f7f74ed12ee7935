#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace telegrad::results {

class Statement;

/// An SQLite database. Whatever goes wrong in it or its statements is a RunError(storage) that names the file,
/// SQLite's reason and a remedy. Used by one thread at a time.
class Database final {
 public:
  /// A new or existing file to read and write.
  static Database open(const std::filesystem::path& file);
  /// An existing file that is never changed; its writer may still be at work, and its folder be read-only.
  static Database open_to_read(const std::filesystem::path& file);

  Database(Database&& other) noexcept;
  Database& operator=(Database&&) = delete;
  ~Database();

  /// One or several statements without results.
  void run(const char* sql);
  Statement prepare(std::string_view sql) const;
  /// The one row and column that the query gives; nullopt where it gives no row.
  std::optional<std::string> text(std::string_view query) const;
  const std::filesystem::path& file() const { return file_; }

  [[noreturn]] void fail(std::string_view what) const;  // with SQLite's latest error

 private:
  Database(const std::filesystem::path& file, const std::string& name, int flags);

  std::filesystem::path file_;
  sqlite3* handle_ = nullptr;
};

/// A prepared statement. Parameters and columns count from 1 and from 0, as SQLite has them.
class Statement final {
 public:
  Statement(const Database& database, sqlite3_stmt* handle) : database_(&database), handle_(handle) {}
  Statement(Statement&& other) noexcept;
  Statement& operator=(Statement&&) = delete;
  ~Statement();

  /// Binds all parameters in order and runs it to its end. Integers, doubles, texts, optionals of them.
  template <class... Values>
  void run(const Values&... values) {
    bind_all(values...);
    while (step()) {}
  }
  template <class... Values>
  Statement& bind_all(const Values&... values) {
    reset();
    int index = 0;
    (bind(++index, values), ...);
    return *this;
  }

  bool step();  // false after the last row; then it may be bound and run again
  bool is_null(int column) const;
  bool is_text(int column) const;
  bool is_real(int column) const;
  std::int64_t integer(int column) const;
  double number(int column) const;
  std::string_view text(int column) const;  // until the next step
  std::optional<double> optional_number(int column) const;
  int columns() const;
  std::string_view column_name(int column) const;

 private:
  void bind(int index, std::nullopt_t);
  void bind(int index, std::int64_t value);
  void bind(int index, std::uint64_t value) { bind(index, static_cast<std::int64_t>(value)); }
  void bind(int index, std::uint32_t value) { bind(index, std::int64_t{value}); }
  void bind(int index, double value);  // NaN becomes NULL
  void bind(int index, std::string_view value);
  void bind(int index, const char* value) { bind(index, std::string_view(value)); }
  template <class T>
  void bind(int index, const std::optional<T>& value) {
    value ? bind(index, *value) : bind(index, std::nullopt);
  }
  void reset();
  void check(int code) const;

  const Database* database_;
  sqlite3_stmt* handle_;
};

/// All or nothing: rolled back unless committed.
class Transaction final {
 public:
  explicit Transaction(Database& database);
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction();
  void commit();

 private:
  Database& database_;
  bool open_ = true;
};

}  // namespace telegrad::results
