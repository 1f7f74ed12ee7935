#pragma once

#include <cstdint>
#include <exception>

namespace telegrad::channels {

/// ns-3 is one set of process globals, so at most one session lives at a time. Opening one puts random seeds,
/// stream numbers and address allocation into a known state; closing it destroys every node and event. What a
/// run does then depends on nothing that ran before.
class Session final {
 public:
  explicit Session(std::uint64_t seed);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  /// Runs events until stop(); rethrows what a guarded callback threw. May be called again.
  void run();
  void stop();

  /// Every callback that ns-3 makes into our code runs inside: exceptions must not cross ns-3's frames.
  template <class F>
  void guard(F&& body) {
    if (failure_) return;
    try {
      body();
    } catch (...) {
      failure_ = std::current_exception();
      stop();
    }
  }

 private:
  std::exception_ptr failure_;
};

}  // namespace telegrad::channels
