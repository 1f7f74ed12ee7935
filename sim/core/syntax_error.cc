#include "sim/core/syntax_error.h"

#include <algorithm>
#include <cctype>
#include <string>

#include "sim/core/quote.h"

namespace telegrad {
namespace {

/// "unexpected ':'; expected end of input" from the parser's long sentence, without the bytes that it quotes.
std::string short_reason(std::string_view what) {
  std::size_t begin = what.find("syntax error while parsing");
  if (begin == std::string_view::npos) return "syntax error";
  what.remove_prefix(begin);
  std::string reason(what.substr(0, what.find("; last read")));
  std::size_t tail = what.rfind("; expected ");
  if (tail != std::string_view::npos && tail >= reason.size()) {
    std::string_view expected = what.substr(tail);
    bool ours = expected.size() < 50 && std::all_of(expected.begin(), expected.end(),
                                                    [](unsigned char c) { return std::isprint(c) != 0; });
    if (ours) reason += expected;
  }
  return reason.substr(0, 200);
}

char last_before(std::string_view text, std::size_t at) {
  while (at > 0 && std::isspace(static_cast<unsigned char>(text[at - 1])) != 0) --at;
  return at == 0 ? '\0' : text[at - 1];
}

/// The usual slips of hand-written JSON.
std::string remedy_for(std::string_view text, std::size_t start) {
  std::string_view rest = text.substr(std::min(start, text.size()));
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) return "the file is empty";
  if (rest.empty()) return "the text ends too early: a bracket or a quote is not closed";
  for (std::string_view word : {"NaN", "nan", "Infinity", "inf", "-Infinity", "-inf", "-NaN"}) {
    if (rest.starts_with(word)) return "JSON has no " + std::string(word) + ": write a finite number";
  }
  char before = last_before(text, start);
  char first = rest.front();
  if (before == ',' && (first == '}' || first == ']')) return "remove the comma before it";
  if (rest.starts_with("//") || rest.starts_with("/*") || first == '#') return "JSON has no comments";
  if (first == '\'') return "use double quotes";
  if (rest.starts_with("True") || rest.starts_with("False")) return "write true and false in small letters";
  if (first == '+') return "leave the + out";
  if (first == '"' && before != ',' && before != '{' && before != '[' && before != ':')
    return "is a comma missing?";
  if (std::isalpha(static_cast<unsigned char>(first)) != 0) return "texts and keys stand in double quotes";
  return {};
}

}  // namespace

Problem explain_syntax_error(std::string_view text, std::size_t byte, std::string_view what, Places places) {
  Problem problem;
  if (what.find("number overflow") != std::string_view::npos) {
    places.next();
    std::string_view digits = text.substr(places.start());
    digits = digits.substr(0, digits.find_first_not_of("+-.0123456789eE"));
    problem.message = quote(digits) + " is too large for a 64-bit real";
  } else {
    problem.message = short_reason(what);
    bool within_text = problem.message.find("invalid string") != std::string::npos;
    if (within_text) {
      places.seek(byte == 0 ? 0 : byte - 1);
    } else {
      places.next();
      problem.remedy = remedy_for(text, places.start());
    }
  }
  problem.line = places.line();
  problem.column = places.column();
  return problem;
}

}  // namespace telegrad
