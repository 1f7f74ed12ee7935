#include "sim/exchanges/exchanges.h"

#include <algorithm>

#include "sim/exchanges/waits.h"

namespace telegrad::exchanges {

#define TELEGRAD_EXCHANGE(name) ExchangeEntry name();
#include "sim/exchanges/list.def"
#undef TELEGRAD_EXCHANGE

const Registry<MakeExchange>& exchanges() {
  static const Registry<MakeExchange> registry("exchanges", "how the bytes of a group meet",
                                               {
#define TELEGRAD_EXCHANGE(name) name(),
#include "sim/exchanges/list.def"
#undef TELEGRAD_EXCHANGE
                                               });
  return registry;
}

void add_catalogues(Catalogues& catalogues) {
  catalogues.add(exchanges().catalogue());
  catalogues.add(waits().catalogue());
}

namespace {

std::string names_that(const std::function<bool(const MakeExchange&)>& fits) {
  std::string names;
  for (const auto& entry : exchanges().entries()) {
    if (fits(entry.make)) names += (names.empty() ? "'" : " or '") + entry.about.name + "'";
  }
  return "take the exchange " + names;
}

/// What a fold of this shape needs, in words.
const char* need_of(Shape shape) {
  switch (shape) {
    case Shape::local: return "all contributions together";
    case Shape::sliceable: return "all contributions to a slice together";
    case Shape::associative: return "partial results to be folded again";
    case Shape::linear: return "sums";
  }
  return "";
}

bool carries(const MakeExchange& exchange, Shape shape) {
  return std::find(exchange.carries.begin(), exchange.carries.end(), shape) != exchange.carries.end();
}

}  // namespace

std::uint64_t resync_rounds(const Value& exchange) {
  const Value* rounds = exchange.find("resync_rounds");
  return rounds == nullptr ? 0 : static_cast<std::uint64_t>(rounds->integer());
}

std::vector<Problem> misfits(const Value& exchange, const Demands& demands, const NetworkFacts& network) {
  const ExchangeEntry& entry = exchanges().at(exchange["type"].text());
  std::vector<Problem> problems;
  auto problem = [&](const std::string& message, const std::string& remedy) {
    problems.push_back(
        {"/program/exchange", 0, 0, "the exchange '" + entry.about.name + "' " + message, remedy});
  };
  for (Shape shape : demands.shapes) {
    if (carries(entry.make, shape)) continue;
    problem(std::string("folds partial results on their way; this method needs ") + need_of(shape) +
                " (its fold is " + to_string(shape) + ")",
            names_that([shape](const MakeExchange& other) { return carries(other, shape); }));
  }
  if (demands.hub && !entry.make.hub) {
    problem("has no hub, and one is needed", names_that([](const MakeExchange& other) { return other.hub; }));
  }
  const Value* late = exchange.find("late");
  if (demands.of_its_round && late != nullptr && late->text() == "deferred") {
    problem("puts what comes late into the next round, where it could not be read", "set late to 'returned'");
  }
  if (entry.make.reliable_down && !network.reliable_down) {
    problem("passes results on from worker to worker, and this network may lose what goes down",
            "make the down-link reliable (tcp, or no loss), or " +
                names_that([](const MakeExchange& other) { return !other.reliable_down; }));
  }
  const Value* replicas = exchange.find("replicas");
  const bool repairs = replicas == nullptr || replicas->text() == "repair";
  const bool resyncs = resync_rounds(exchange) > 0;
  if (demands.whole_down && !network.reliable_down && !repairs) {
    problem(
        "leaves out what is lost on the way down (replicas: diverge, resync), which this network may lose, "
        "and must "
        "not: the model that a cohort starts from, or averaged statistics",
        "set replicas to 'repair', or make the down-link reliable");
  }
  if (resyncs && network.reliable_down) {
    problem(
        "sets replicas alike that never differ: this network loses nothing of what goes down",
        "leave replicas and resync_rounds out, or let the down-link lose (datagram, broadcast, block_loss)");
  }
  if (resyncs && demands.passes_models) {
    problem("sets replicas alike, and this program passes the whole model on at every step",
            "set replicas to 'repair' or 'diverge'");
  }
  return problems;
}

}  // namespace telegrad::exchanges
