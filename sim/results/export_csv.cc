#include "sim/results/export_csv.h"

#include <cerrno>
#include <charconv>
#include <fstream>
#include <string>

#include "sim/results/storage_error.h"

namespace telegrad::results {
namespace {

constexpr std::size_t kFlushAt = 1 << 16;  // bytes

struct Table {
  const char* file;
  const char* name;
  const char* order;
};

constexpr Table kTables[] = {
    {"rounds.csv", "round", "round"}, {"messages.csv", "message", "id"},
    {"spans.csv", "span", "rowid"},   {"contributions.csv", "contribution", "closed_ns, operation, node"},
    {"nodes.csv", "node", "node"},
};

void add_text(std::string& line, std::string_view text) {
  if (!text.empty() && text.find_first_of("\",\r\n") == std::string_view::npos) {
    line += text;
    return;
  }
  line += '"';
  for (char c : text) {
    if (c == '"') line += '"';
    line += c;
  }
  line += '"';
}

template <class Number>
void add_number(std::string& line, Number number) {
  char digits[32];
  line.append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
}

void add_row(std::string& lines, const Statement& row) {
  for (int column = 0; column < row.columns(); ++column) {
    if (column > 0) lines += ',';
    if (row.is_null(column)) continue;
    if (row.is_text(column)) {
      add_text(lines, row.text(column));
    } else if (row.is_real(column)) {
      add_number(lines, row.number(column));
    } else {
      add_number(lines, row.integer(column));
    }
  }
  lines += '\n';
}

void add_header(std::string& lines, const Statement& row) {
  for (int column = 0; column < row.columns(); ++column) {
    if (column > 0) lines += ',';
    add_text(lines, row.column_name(column));
  }
  lines += '\n';
}

void write_table(Statement rows, const std::filesystem::path& file) {
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  std::string lines;
  add_header(lines, rows);
  while (out && rows.step()) {
    add_row(lines, rows);
    if (lines.size() < kFlushAt) continue;
    out << lines;
    lines.clear();
  }
  out << lines;
  out.close();
  if (!out) throw storage_error(file, "cannot be written", errno);
}

/// A database of an older schema may lack a table.
bool present(const Database& database, const char* table) {
  Statement found = database.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?");
  return found.bind_all(table).step();
}

}  // namespace

std::vector<std::filesystem::path> export_csv(const Database& database, const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  for (const Table& table : kTables) {
    if (!present(database, table.name)) continue;
    files.push_back(folder / table.file);
    write_table(database.prepare("SELECT * FROM " + std::string(table.name) + " ORDER BY " + table.order),
                files.back());
  }
  return files;
}

}  // namespace telegrad::results
