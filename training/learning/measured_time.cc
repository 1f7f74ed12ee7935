#include "training/learning/measured_time.h"

namespace telegrad::training {

Task<> charge_measured(double seconds, Exchange& exchange) {
  if (!exchange.measures()) co_return;
  co_await exchange.spend(Phase::gradient, seconds);
}

}  // namespace telegrad::training
