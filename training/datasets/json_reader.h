#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

namespace telegrad::training {

/// Reads a large JSON text front to back, for files of which whole values would not fit. Throws RunError(bad_data) with
/// file and byte.
class JsonReader final {
 public:
  /// Both outlive it.
  JsonReader(const std::filesystem::path& path, std::span<const std::uint8_t> bytes)
      : path_(path), bytes_(bytes) {}

  /// The next byte that is no blank, which is left where it is; 0 at the end.
  char peek();
  void take(char expected);
  /// In an array or object that was opened: whether another element follows. Takes the comma, or the closing one.
  bool more(char closing, bool& first);
  std::string text();  // UTF-8
  double number();
  void skip();  // any value, not deeper than 64
  void end();   // nothing but blanks follows
  [[noreturn]] void fail(const std::string& what) const;

 private:
  void skip(int depth);
  void append_escaped(std::string& into);
  std::uint32_t hexadecimal();

  const std::filesystem::path& path_;
  std::span<const std::uint8_t> bytes_;
  std::size_t at_ = 0;
};

}  // namespace telegrad::training
