#pragma once

#include <string>
#include <vector>

#include "sim/core/errors.h"
#include "sim/core/value.h"

namespace telegrad {

/// `--set /pointer=value` on the command line: the value is JSON, or else a text; null removes the key.
class Overrides {
 public:
  explicit Overrides(std::vector<std::string> arguments) : arguments_(std::move(arguments)) {}

  /// Changes what the user wrote, in the order given.
  void apply(Value& user, std::vector<Problem>& problems);
  /// Lays problems to those overrides that are to blame for them; call after `locate`.
  void blame(std::vector<Problem>& problems) const;

 private:
  std::vector<std::string> arguments_;
  std::vector<std::string> pointers_;  // applied
};

}  // namespace telegrad
