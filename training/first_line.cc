#include "training/first_line.h"

#include <c10/util/Exception.h>

namespace telegrad::training {

std::string first_line(const std::exception& error) {
  const auto* theirs = dynamic_cast<const c10::Error*>(&error);
  const std::string words = theirs ? theirs->what_without_backtrace() : error.what();
  return words.substr(0, words.find('\n'));
}

}  // namespace telegrad::training
