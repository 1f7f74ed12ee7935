#include "sim/core/places.h"

namespace telegrad {
namespace {

bool separates(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == ',' || c == ':'; }

bool brackets(char c) { return c == '{' || c == '}' || c == '[' || c == ']'; }

}  // namespace

void Places::step() {
  if (at_ >= text_.size()) return;
  auto c = static_cast<unsigned char>(text_[at_++]);
  if (c == '\n') {
    ++at_line_;
    at_column_ = 1;
  } else if ((c & 0xC0) != 0x80) {  // not the second or later byte of a character
    ++at_column_;
  }
}

void Places::mark() {
  start_ = at_;
  line_ = at_line_;
  column_ = at_column_;
}

void Places::next() {
  while (at_ < text_.size() && separates(text_[at_])) step();
  mark();
  if (at_ >= text_.size()) return;
  if (text_[at_] == '"') {
    step();
    while (at_ < text_.size() && text_[at_] != '"') {
      if (text_[at_] == '\\') step();
      step();
    }
    step();
  } else if (brackets(text_[at_])) {
    step();
  } else {
    while (at_ < text_.size() && !separates(text_[at_]) && !brackets(text_[at_]) && text_[at_] != '"') step();
  }
}

void Places::seek(std::size_t byte) {
  if (byte < at_) {
    at_ = 0;
    at_line_ = at_column_ = 1;
  }
  while (at_ < byte && at_ < text_.size()) step();
  mark();
}

}  // namespace telegrad
