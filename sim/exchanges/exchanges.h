#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "sim/core/exchange.h"
#include "sim/core/registry.h"

namespace telegrad::exchanges {

/// How an exchange is made, and what it can do.
struct MakeExchange {
  using Make =
      std::function<std::unique_ptr<Group>(const Value& resolved, const Host& host, std::uint32_t workers)>;

  Make make;
  std::vector<Shape> carries;  // folds of these shapes
  bool hub = false;
  /// Workers pass results on, and nobody can send them again: the way down must lose nothing.
  bool reliable_down = false;
  /// Serialised bytes that all workers (and the hub) send in a round: of a fold of this shape, where a worker's
  /// payload has `up` bytes and the result `down`.
  std::function<double(Shape shape, double workers, double up, double down)> round_bytes;

  std::unique_ptr<Group> operator()(const Value& resolved, const Host& host, std::uint32_t workers) const {
    return make(resolved, host, workers);
  }
};
using ExchangeEntry = Entry<MakeExchange>;

/// All exchanges that a scenario can name.
const Registry<MakeExchange>& exchanges();

/// Exchanges, and for whom they wait.
void add_catalogues(Catalogues& catalogues);

/// What a training and its program ask of their exchange.
struct Demands {
  std::vector<Shape> shapes = {};  // of its folds
  bool hub = false;                // something is done there that no fold can do
  bool of_its_round = false;       // its contributions mean nothing in a later round
  bool whole_down = false;         // what goes down must arrive
  bool passes_models = false;      // whole ones, at every step
};

/// After how many rounds a resolved exchange lets its workers set their replicas alike; 0: never.
std::uint64_t resync_rounds(const Value& exchange);

/// Why a resolved exchange cannot serve this training over this network; pointers from the root of the scenario.
std::vector<Problem> misfits(const Value& exchange, const Demands& demands, const NetworkFacts& network);

}  // namespace telegrad::exchanges
