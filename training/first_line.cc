#include "training/first_line.h"

#include <c10/util/Exception.h>

namespace telegrad::training {

std::string first_line(const std::exception& error) {
  const auto* theirs = dynamic_cast<const c10::Error*>(&error);
  const std::string words = theirs ? theirs->what_without_backtrace() : error.what();
  // The interpreter lists where it was before it says what went wrong.
  if (words.find("TorchScript interpreter") < words.find('\n')) {
    const std::size_t end = words.find_last_not_of(" \n") + 1;
    const std::size_t from = words.find_last_of('\n', end - 1) + 1;
    return words.substr(from, end - from);
  }
  return words.substr(0, words.find('\n'));
}

}  // namespace telegrad::training
