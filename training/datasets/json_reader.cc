#include "training/datasets/json_reader.h"

#include <charconv>
#include <cmath>

#include "training/datasets/file_bytes.h"

namespace telegrad::training {
namespace {

constexpr int kDeepest = 64;

void append_utf8(std::string& into, std::uint32_t point) {
  if (point < 0x80) {
    into.push_back(static_cast<char>(point));
    return;
  }
  const int more = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
  const std::uint32_t leads[] = {0, 0xc0, 0xe0, 0xf0};
  into.push_back(static_cast<char>(leads[more] | point >> (6 * more)));
  for (int i = more - 1; i >= 0; --i) into.push_back(static_cast<char>(0x80 | (point >> (6 * i) & 0x3f)));
}

}  // namespace

void JsonReader::fail(const std::string& what) const {
  refuse(path_, "is damaged at byte " + grouped(at_) + ": " + what,
         "copy it again, or make it again with LEAF");
}

char JsonReader::peek() {
  while (at_ < bytes_.size()) {
    const char next = static_cast<char>(bytes_[at_]);
    if (next != ' ' && next != '\n' && next != '\r' && next != '\t') return next;
    ++at_;
  }
  return 0;
}

void JsonReader::take(char expected) {
  if (peek() != expected) fail(std::string("expected '") + expected + "'");
  ++at_;
}

bool JsonReader::more(char closing, bool& first) {
  if (peek() == closing) {
    ++at_;
    return false;
  }
  if (!first) take(',');
  first = false;
  return true;
}

std::uint32_t JsonReader::hexadecimal() {
  std::uint32_t value = 0;
  if (bytes_.size() - at_ < 4) fail("it ends within a text");
  const auto* from = reinterpret_cast<const char*>(bytes_.data() + at_);
  const auto result = std::from_chars(from, from + 4, value, 16);
  if (result.ptr != from + 4) fail("expected four hexadecimal digits");
  at_ += 4;
  return value;
}

void JsonReader::append_escaped(std::string& into) {
  if (at_ >= bytes_.size()) fail("it ends within a text");
  const char kind = static_cast<char>(bytes_[at_++]);
  switch (kind) {
    case '"':
    case '\\':
    case '/': into.push_back(kind); return;
    case 'b': into.push_back('\b'); return;
    case 'f': into.push_back('\f'); return;
    case 'n': into.push_back('\n'); return;
    case 'r': into.push_back('\r'); return;
    case 't': into.push_back('\t'); return;
    case 'u': break;
    default: fail("an unknown escape");
  }
  std::uint32_t point = hexadecimal();
  if (point >= 0xd800 && point < 0xdc00) {
    if (bytes_.size() - at_ < 6 || bytes_[at_] != '\\' || bytes_[at_ + 1] != 'u') fail("half a character");
    at_ += 2;
    const std::uint32_t low = hexadecimal();
    if (low < 0xdc00 || low >= 0xe000) fail("half a character");
    point = 0x10000 + ((point - 0xd800) << 10) + (low - 0xdc00);
  } else if (point >= 0xdc00 && point < 0xe000) {
    fail("half a character");
  }
  append_utf8(into, point);
}

std::string JsonReader::text() {
  take('"');
  std::string result;
  for (;;) {
    if (at_ >= bytes_.size()) fail("it ends within a text");
    const char next = static_cast<char>(bytes_[at_++]);
    if (next == '"') return result;
    if (next == '\\') {
      append_escaped(result);
    } else {
      result.push_back(next);
    }
  }
}

double JsonReader::number() {
  peek();
  double value = 0;
  const auto* from = reinterpret_cast<const char*>(bytes_.data() + at_);
  const auto* end = reinterpret_cast<const char*>(bytes_.data() + bytes_.size());
  const auto result = std::from_chars(from, end, value);
  if (result.ec != std::errc() || !std::isfinite(value)) fail("expected a number");
  at_ += static_cast<std::size_t>(result.ptr - from);
  return value;
}

void JsonReader::skip() { skip(0); }

void JsonReader::skip(int depth) {
  if (depth > kDeepest) fail("values within values, more than 64 deep");
  const char kind = peek();
  bool first = true;
  if (kind == '{') {
    take('{');
    while (more('}', first)) {
      text();
      take(':');
      skip(depth + 1);
    }
  } else if (kind == '[') {
    take('[');
    while (more(']', first)) skip(depth + 1);
  } else if (kind == '"') {
    text();
  } else if (kind >= 'a' && kind <= 'z') {  // true, false, null, NaN of Python's json has no place here
    while (at_ < bytes_.size() && bytes_[at_] >= 'a' && bytes_[at_] <= 'z') ++at_;
  } else {
    number();
  }
}

void JsonReader::end() {
  if (peek() != 0 || at_ < bytes_.size()) fail("it goes on after its end");
}

}  // namespace telegrad::training
