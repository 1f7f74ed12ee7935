#include "sim/core/training.h"

#include "sim/core/errors.h"

namespace telegrad {

Task<double> Learner::pass(std::uint64_t, Exchange&) {
  expect(false, "a training whose facts say that its model can go round");
  co_return 0.0;
}

Task<double> Learner::local(std::uint64_t, LocalWork, Exchange&) {
  expect(false, "a training that can step alone");
  co_return 0.0;
}

Task<> Learner::visit(Invitation, LocalWork, Exchange&, Learnt) {
  expect(false, "a training whose facts say that cohorts can train it");
  co_return;
}

Task<> Learner::miss(Exchange& exchange) { co_await exchange.follow(); }

Task<> Training::serve_statistics(std::uint64_t, Hub&) { co_return; }

Task<> Training::serve_cohort(std::uint64_t, std::vector<Rank>, Hub&) {
  expect(false, "a training whose facts say that cohorts can train it");
  co_return;
}

void Training::save(const std::filesystem::path&) const {
  throw RunError(Failure::bad_data, "this training has no model to save");
}

}  // namespace telegrad
