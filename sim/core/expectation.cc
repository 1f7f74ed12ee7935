#include "sim/core/expectation.h"

#include <charconv>
#include <cmath>

#include "sim/core/json.h"
#include "sim/core/quote.h"

namespace telegrad {
namespace {

std::string range(const Parameter& parameter) {
  bool low = std::isfinite(parameter.minimum);
  bool high = std::isfinite(parameter.maximum);
  if (!low && !high) return {};
  if (!high)
    return (parameter.minimum_excluded ? " above " : " of at least ") + plain_number(parameter.minimum);
  if (!low) return " of at most " + plain_number(parameter.maximum);
  return std::string(" in ") + (parameter.minimum_excluded ? "(" : "[") + plain_number(parameter.minimum) +
         ", " + plain_number(parameter.maximum) + "]";
}

std::string lengths(const Parameter& parameter) {
  if (parameter.shortest == parameter.longest) return " of length " + std::to_string(parameter.shortest);
  if (parameter.shortest == 0 && parameter.longest >= Parameter::kAnyLength) return {};
  if (parameter.longest >= Parameter::kAnyLength)
    return " of length " + std::to_string(parameter.shortest) + " or more";
  return " of length " + std::to_string(parameter.shortest) + " to " + std::to_string(parameter.longest);
}

std::string words(const Parameter& parameter) {
  using Kind = Parameter::Kind;
  switch (parameter.kind) {
    case Kind::boolean: return "true or false";
    case Kind::integer: return "an integer" + range(parameter);
    case Kind::real: return "a number" + range(parameter);
    case Kind::text: return "a text" + lengths(parameter);
    case Kind::choice: return one_of(quote_all(parameter.choices));
    case Kind::object: return "an object";
    case Kind::typed: return "an object whose type is one of the " + parameter.catalogue;
    case Kind::map: return "an object with numbers, texts or booleans";
    case Kind::any: return "a value";
    case Kind::integers: return "a list of integers" + range(parameter) + lengths(parameter);
    case Kind::reals: return "a list of numbers" + range(parameter) + lengths(parameter);
    case Kind::texts: return "a list of texts" + lengths(parameter);
    case Kind::points: return "a list of points [x, y]" + lengths(parameter);
  }
  return {};
}

}  // namespace

std::string plain_number(double number) {
  char digits[32];
  auto [end, error] = std::to_chars(digits, digits + sizeof digits, number);
  return std::string(digits, end);
}

std::string expectation(const Parameter& parameter) {
  return words(parameter) + (parameter.unit.empty() ? "" : ", in " + parameter.unit);
}

std::string description_of(const Value& value) {
  if (value.is_object()) return "an object";
  if (value.is_array()) return "a list";
  if (value.is_text()) return "the text " + quote(value.text());
  return dump_json(value);
}

}  // namespace telegrad
