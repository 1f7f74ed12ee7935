#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace telegrad::results {

// Numbers as people read them.
std::string seconds_in_words(double s);           // "1.234 s", "157.1 ms", "12 min 30 s", "2 h 5 min"
std::string bytes_in_words(double bytes);         // "53.1 MB"
std::string share_in_words(double share);         // of 0.0312: "3.1 %"
std::string count_in_words(std::uint64_t count);  // "9,600"
/// "1 round", "1,200 rounds".
std::string counted(std::uint64_t count, const char* noun);

}  // namespace telegrad::results
