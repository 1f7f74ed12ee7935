#pragma once

#include <cstddef>
#include <string_view>

namespace telegrad {

/// Walks a JSON text token by token beside a parser that tells no places. It trusts the parser with the grammar
/// and is safe on broken texts.
class Places {
 public:
  explicit Places(std::string_view text) : text_(text) {}

  /// Goes over white space, commas and colons to the next token and then past it: line, column and start are its
  /// own. Columns count characters, not bytes, from 1.
  void next();
  /// Goes to a byte.
  void seek(std::size_t byte);

  int line() const { return line_; }
  int column() const { return column_; }
  std::size_t start() const { return start_; }

 private:
  void step();
  void mark();

  std::string_view text_;
  std::size_t at_ = 0;
  int at_line_ = 1;
  int at_column_ = 1;
  std::size_t start_ = 0;
  int line_ = 1;
  int column_ = 1;
};

}  // namespace telegrad
