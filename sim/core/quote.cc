#include "sim/core/quote.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>

namespace telegrad {
namespace {

constexpr std::size_t kLongestQuote = 60;  // bytes

char lower(char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); }

/// Optimal string alignment distance.
std::size_t edits(std::string_view a, std::string_view b) {
  std::array<std::vector<std::size_t>, 3> rows;  // before the last, last, current
  for (auto& row : rows) row.resize(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) rows[1][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    rows[2][0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      std::size_t same = lower(a[i - 1]) == lower(b[j - 1]) ? 0 : 1;
      rows[2][j] = std::min({rows[1][j] + 1, rows[2][j - 1] + 1, rows[1][j - 1] + same});
      bool swapped =
          i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1]);
      if (swapped) rows[2][j] = std::min(rows[2][j], rows[0][j - 2] + 1);
    }
    std::rotate(rows.begin(), rows.begin() + 1, rows.end());
  }
  return rows[1][b.size()];
}

}  // namespace

std::string quote(std::string_view text) {
  bool cut = text.size() > kLongestQuote;
  if (cut) {
    std::size_t end = kLongestQuote;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
    text = text.substr(0, end);
  }
  std::string out = "'";
  for (char c : text) {
    auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F) {
      char escaped[8];
      std::snprintf(escaped, sizeof escaped, "\\u%04x", byte);
      out += escaped;
    } else {
      out += c;
    }
  }
  return out + (cut ? "...'" : "'");
}

std::vector<std::string> quote_all(const std::vector<std::string>& texts) {
  std::vector<std::string> quotes;
  for (const std::string& text : texts) quotes.push_back(quote(text));
  return quotes;
}

constexpr std::size_t kWord = 4;  // letters that make a beginning worth completing

std::optional<std::string> nearest(std::string_view typed, const std::vector<std::string>& candidates) {
  std::size_t allowed = typed.size() <= 3 ? 1 : std::max<std::size_t>(2, typed.size() / 3);
  std::optional<std::string> best;
  for (const std::string& candidate : candidates) {
    std::size_t shorter = std::min(typed.size(), candidate.size());
    std::size_t longer = std::max(typed.size(), candidate.size());
    if (longer - shorter > allowed) continue;
    std::size_t distance = edits(typed, candidate);
    if (distance > allowed || distance >= longer) continue;
    best = candidate;
    if (distance == 0) break;
    allowed = distance - 1;
  }
  if (best || typed.size() < kWord) return best;
  for (const std::string& candidate : candidates) {  // the beginning of a longer name
    if (candidate.starts_with(typed) && (!best || candidate.size() < best->size())) best = candidate;
  }
  return best;
}

std::string one_of(const std::vector<std::string>& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? " or " : ", ";
    text += words[i];
  }
  return text;
}

}  // namespace telegrad
