#pragma once

namespace telegrad::app {

class Experiment;

/// While this lives, the first Ctrl-C or SIGTERM ends the experiment with the rounds so far; a second one ends the
/// process at once.
class Signals final {
 public:
  explicit Signals(Experiment& experiment);
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  /// The signal that came, 0 for none.
  static int received();
};

}  // namespace telegrad::app
