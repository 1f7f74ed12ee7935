#include <charconv>
#include <cmath>
#include <cstdio>

#include "sim/core/json.h"

namespace telegrad {
namespace {

void write_text(std::string& out, const std::string& text) {
  out += '"';
  for (char c : text) {
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          char escaped[8];
          std::snprintf(escaped, sizeof escaped, "\\u%04x", static_cast<unsigned>(c));
          out += escaped;
        } else {
          out += c;
        }
    }
  }
  out += '"';
}

void write_real(std::string& out, double number) {
  if (!std::isfinite(number)) {
    out += "null";
    return;
  }
  char digits[32];
  auto [end, error] = std::to_chars(digits, digits + sizeof digits, number);
  std::string_view text(digits, static_cast<std::size_t>(end - digits));
  out += text;
  if (text.find_first_of(".e") == std::string_view::npos) out += ".0";
}

class Writer {
 public:
  Writer(std::string& out, int indent) : out_(out), indent_(indent) {}

  void write(const Value& value, int depth) {
    if (value.is_array()) {
      list(value.items(), depth);
    } else if (value.is_object()) {
      object(value.members(), depth);
    } else if (value.is_text()) {
      write_text(out_, value.text());
    } else if (value.is_integer()) {
      out_ += std::to_string(value.integer());
    } else if (value.is_number()) {
      write_real(out_, value.number());
    } else {
      out_ += value.is_null() ? "null" : value.boolean() ? "true" : "false";
    }
  }

 private:
  void line(int depth) {
    if (indent_ == 0) return;
    out_ += '\n';
    out_.append(static_cast<std::size_t>(indent_ * depth), ' ');
  }

  void list(const Value::Array& items, int depth) {
    bool flat = indent_ == 0;  // lists of plain values stay on one line
    bool plain = true;
    for (const Value& item : items) plain = plain && !item.is_array() && !item.is_object();
    out_ += '[';
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (i > 0) out_ += flat || !plain ? "," : ", ";
      if (!plain) line(depth + 1);
      write(items[i], depth + 1);
    }
    if (!plain) line(depth);
    out_ += ']';
  }

  void object(const Value::Object& members, int depth) {
    out_ += '{';
    for (std::size_t i = 0; i < members.size(); ++i) {
      if (i > 0) out_ += ',';
      line(depth + 1);
      write_text(out_, members[i].key);
      out_ += indent_ == 0 ? ":" : ": ";
      write(members[i].value, depth + 1);
    }
    if (!members.empty()) line(depth);
    out_ += '}';
  }

  std::string& out_;
  int indent_;
};

}  // namespace

std::string dump_json(const Value& value, int indent) {
  std::string out;
  Writer(out, indent).write(value, 0);
  return out;
}

}  // namespace telegrad
