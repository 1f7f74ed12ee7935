#pragma once

#include <string>

#include "sim/core/parameter.h"
#include "sim/core/value.h"

namespace telegrad {

/// What a setting takes: "an integer in [1, 10000]", "a number in (0, 1]", "one of 'a' or 'b'".
std::string expectation(const Parameter& parameter);

/// What was found instead: "the text 'abc'", "an object", "1.5".
std::string description_of(const Value& value);

/// The shortest text of a number, 5 rather than 5.0.
std::string plain_number(double number);

}  // namespace telegrad
