#include "sim/app/signals.h"

#include <atomic>
#include <csignal>

#include "sim/app/experiment.h"

namespace telegrad::app {
namespace {

std::atomic<Experiment*> running{nullptr};
std::atomic<int> signal_received{0};

void stop_the_run(int number) {
  signal_received = number;
  if (Experiment* experiment = running) experiment->stop();
}

void handle(int number) {
  struct sigaction action {};
  action.sa_handler = stop_the_run;
  action.sa_flags = SA_RESETHAND;  // the second one kills
  sigaction(number, &action, nullptr);
}

}  // namespace

Signals::Signals(Experiment& experiment) {
  signal_received = 0;
  running = &experiment;
  handle(SIGINT);
  handle(SIGTERM);
}

Signals::~Signals() {
  std::signal(SIGINT, SIG_DFL);
  std::signal(SIGTERM, SIG_DFL);
  running = nullptr;
}

int Signals::received() { return signal_received; }

}  // namespace telegrad::app
