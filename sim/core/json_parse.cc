// The one source that includes nlohmann's parser. It reads the grammar; the guard below adds what it leaves out.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "sim/core/json.h"
#include "sim/core/places.h"
#include "sim/core/pointer.h"
#include "sim/core/quote.h"
#include "sim/core/syntax_error.h"

namespace telegrad {
namespace {

constexpr std::size_t kMostProblems = 100;  // then reading ends

class Guard final : public nlohmann::json_sax<nlohmann::json> {
 public:
  explicit Guard(std::string_view text) : text_(text), places_(text) {}

  bool null() override { return plain(Value(nullptr)); }
  bool boolean(bool value) override { return plain(Value(value)); }
  bool number_integer(std::int64_t value) override { return plain(Value(value)); }

  bool number_unsigned(std::uint64_t value) override {
    if (value > static_cast<std::uint64_t>(INT64_MAX)) return too_large(std::to_string(value));
    return plain(Value(static_cast<std::int64_t>(value)));
  }

  bool number_float(double value, const std::string& digits) override {
    if (digits.find_first_of(".eE") == std::string::npos) return too_large(digits);
    bool vanished = value == 0 && digits.substr(0, digits.find_first_of("eE")).find_first_of("123456789") !=
                                      std::string::npos;
    if (vanished) return rejected(quote(digits) + " is too small for a 64-bit real", "write 0");
    return plain(Value(value));
  }

  bool string(std::string& value) override {
    if (value.find('\0') != std::string::npos)
      return rejected("holds the character U+0000", "remove \\u0000");
    return plain(Value(std::move(value)));
  }

  bool binary(nlohmann::json::binary_t&) override { return false; }
  bool start_object(std::size_t) override { return open(Value(Value::Object{})); }
  bool start_array(std::size_t) override { return open(Value(Value::Array{})); }

  bool key(std::string& key) override {
    places_.next();
    bool has_nul = key.find('\0') != std::string::npos;
    open_.back().key = std::move(key);
    return !has_nul || problem("the key holds the character U+0000", "remove \\u0000");
  }

  bool end_object() override {
    find_duplicates();
    return close() && problems_.size() < kMostProblems;
  }

  bool end_array() override { return close(); }

  bool parse_error(std::size_t byte, const std::string&, const nlohmann::detail::exception& error) override {
    problems_.push_back(explain_syntax_error(text_, byte, error.what(), places_));
    return false;
  }

  Parsed result(bool complete) && {
    return Parsed{complete ? std::move(root_) : Value(), std::move(problems_), complete};
  }

 private:
  struct Frame {
    Value value;
    std::string key;  // of the member being read
  };

  std::string pointer() const {
    std::string path;
    for (const Frame& frame : open_) {
      path += '/';
      path += frame.value.is_array() ? std::to_string(frame.value.items().size()) : escape_step(frame.key);
    }
    return path;
  }

  /// False when there are too many to go on.
  bool problem(std::string message, std::string remedy) {
    problems_.push_back(
        Problem{pointer(), places_.line(), places_.column(), std::move(message), std::move(remedy)});
    return problems_.size() < kMostProblems;
  }

  void place(Value& value) {
    places_.next();
    value.line = places_.line();
    value.column = places_.column();
  }

  void add(Value value) {
    if (open_.empty()) {
      root_ = std::move(value);
    } else if (open_.back().value.is_array()) {
      open_.back().value.items().push_back(std::move(value));
    } else {
      open_.back().value.members().push_back(Member{std::move(open_.back().key), std::move(value)});
    }
  }

  bool plain(Value value) {
    place(value);
    add(std::move(value));
    return true;
  }

  /// A value that cannot be kept: null stands for it, reading goes on.
  bool rejected(std::string message, std::string remedy) {
    Value value;
    place(value);
    bool going_on = problem(std::move(message), std::move(remedy));
    add(std::move(value));
    return going_on;
  }

  bool too_large(const std::string& digits) {
    return rejected(quote(digits) + " does not fit a 64-bit integer",
                    "a real needs a point or an exponent: 1e20");
  }

  bool open(Value value) {
    place(value);
    if (open_.size() >= static_cast<std::size_t>(kDeepestJson)) {
      problem("more than " + std::to_string(kDeepestJson) + " arrays and objects within each other", {});
      return false;
    }
    open_.push_back(Frame{std::move(value), {}});
    return true;
  }

  bool close() {
    places_.next();
    Value value = std::move(open_.back().value);
    open_.pop_back();
    add(std::move(value));
    return true;
  }

  void find_duplicates() {
    std::vector<const Member*> sorted;
    for (const Member& member : open_.back().value.members()) sorted.push_back(&member);
    auto by_key = [](const Member* a, const Member* b) { return a->key < b->key; };
    std::stable_sort(sorted.begin(), sorted.end(), by_key);
    for (std::size_t i = 1; i < sorted.size() && problems_.size() < kMostProblems; ++i) {
      if (sorted[i]->key != sorted[i - 1]->key) continue;
      open_.back().key = sorted[i]->key;
      const Value& first = sorted[i - 1]->value;
      problems_.push_back(Problem{
          pointer(), sorted[i]->value.line, sorted[i]->value.column, "the key is given twice",
          "keep one; the other is at " + std::to_string(first.line) + ":" + std::to_string(first.column)});
    }
  }

  std::string_view text_;
  Places places_;
  Value root_;
  std::vector<Frame> open_;
  std::vector<Problem> problems_;
};

Parsed refused(std::string message, std::string remedy, int line = 0, int column = 0) {
  Parsed parsed;
  parsed.problems.push_back(Problem{"", line, column, std::move(message), std::move(remedy)});
  return parsed;
}

}  // namespace

Parsed parse_json(std::string_view text) {
  if (text.size() > kLargestJson) {
    return refused("larger than " + std::to_string(kLargestJson >> 20) + " MiB", {});
  }
  if (text.starts_with("\xEF\xBB\xBF")) {
    return refused("begins with a byte order mark", "save it as UTF-8 without one", 1, 1);
  }
  if (std::size_t nul = text.find('\0'); nul != std::string_view::npos) {
    Places places(text);  // nlohmann would take it for the end of the text
    places.seek(nul);
    return refused("holds a NUL byte, expected JSON text", {}, places.line(), places.column());
  }
  Guard guard(text);
  bool complete = nlohmann::json::sax_parse(text.begin(), text.end(), &guard);
  Parsed parsed = std::move(guard).result(complete);
  std::stable_sort(parsed.problems.begin(), parsed.problems.end(), [](const Problem& a, const Problem& b) {
    return std::pair(a.line, a.column) < std::pair(b.line, b.column);
  });
  return parsed;
}

}  // namespace telegrad
