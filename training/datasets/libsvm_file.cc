#include "training/datasets/libsvm_file.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>
#include <string>
#include <string_view>

#include "sim/core/errors.h"

namespace telegrad::training {
namespace {

constexpr std::size_t kMostEntries = 500'000'000;
constexpr std::uint32_t kMostFeatures = 10'000'000;

/// One line after the other, and where the reader stands.
class Reader final {
 public:
  explicit Reader(const std::filesystem::path& path) : path_(path), file_(path) {
    if (!file_) fail("cannot be opened");
  }

  [[noreturn]] void fail(const std::string& reason) const {
    const std::string at = line_ > 0 ? ":" + std::to_string(line_) : "";
    throw RunError(Failure::bad_data, "'" + path_.string() + at + "' " + reason);
  }

  bool next(std::string_view& line) {
    if (!std::getline(file_, text_)) {
      if (file_.bad()) fail("cannot be read");
      return false;
    }
    ++line_;
    line = std::string_view(text_).substr(0, text_.find('#'));
    return true;
  }

 private:
  std::filesystem::path path_;
  std::ifstream file_;
  std::string text_;
  std::uint64_t line_ = 0;
};

/// Takes the next word from a line; empty at its end.
std::string_view take_word(std::string_view& line) {
  constexpr std::string_view kSpace = " \t\r";
  line.remove_prefix(std::min(line.find_first_not_of(kSpace), line.size()));
  const std::string_view word = line.substr(0, line.find_first_of(kSpace));
  line.remove_prefix(word.size());
  return word;
}

template <class Number>
bool parse(std::string_view word, Number& number) {
  if (word.starts_with('+')) word.remove_prefix(1);
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
  return error == std::errc{} && end == word.data() + word.size() && !word.empty();
}

void add_entry(SparseRows& rows, std::string_view word, const Reader& reader) {
  const std::string quoted = "'" + std::string(word.substr(0, 40)) + "'";
  const std::size_t colon = word.find(':');
  std::uint32_t index = 0;
  double value = 0;
  if (colon == std::string_view::npos || !parse(word.substr(0, colon), index) ||
      !parse(word.substr(colon + 1), value)) {
    reader.fail("has " + quoted + ", expected index:value");
  }
  if (!std::isfinite(static_cast<float>(value))) reader.fail("has " + quoted + ", which no float32 can hold");
  if (index == 0) reader.fail("has the index 0, expected indices from 1");
  if (index > kMostFeatures) reader.fail("has " + quoted + ", expected indices up to 10,000,000");
  if (rows.columns.size() > rows.starts.back() && rows.columns.back() >= index - 1) {
    reader.fail("has " + quoted + " after index " + std::to_string(rows.columns.back() + 1) +
                ", expected rising indices");
  }
  if (rows.columns.size() >= kMostEntries) reader.fail("is beyond 500,000,000 entries, 4 GB in memory");
  rows.columns.push_back(index - 1);
  rows.values.push_back(static_cast<float>(value));
  rows.features = std::max(rows.features, index);
}

}  // namespace

SparseRows read_libsvm(const std::filesystem::path& path) {
  Reader reader(path);
  SparseRows rows;
  std::string_view line;
  while (reader.next(line)) {
    std::string_view word = take_word(line);
    if (word.empty()) continue;
    double label = 0;
    if (!parse(word, label) || !std::isfinite(label)) {
      reader.fail("begins with '" + std::string(word.substr(0, 40)) + "', expected a label");
    }
    while (!(word = take_word(line)).empty()) add_entry(rows, word, reader);
    rows.labels.push_back(label);
    rows.starts.push_back(rows.columns.size());
  }
  if (rows.labels.empty()) reader.fail("holds no samples");
  return rows;
}

}  // namespace telegrad::training
