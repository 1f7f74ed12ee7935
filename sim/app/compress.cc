#include "sim/app/compress.h"

#include <cmath>
#include <tuple>

#include "sim/app/catalogues.h"
#include "sim/app/experiment.h"
#include "sim/app/plugin.h"
#include "sim/app/simulated_device.h"
#include "sim/core/resolve.h"
#include "sim/results/leg.h"

namespace telegrad::app {
namespace {

class Scales final : public Observer {
 public:
  void message(const MessageRecord& record) override {
    auto leg = results::leg_of(record.purpose);
    if (!leg) return;
    CompressedSize& size = *leg == Leg::up ? up : down;
    size.information_bits += static_cast<double>(record.information_bits);
    size.bytes += static_cast<double>(record.bytes);
    size.control_bytes += static_cast<double>(record.control_bytes);
  }

  CompressedSize up;
  CompressedSize down;
};

CompressedSize divided(const CompressedSize& size, double by) {
  return {size.information_bits / by, size.bytes / by, size.control_bytes / by};
}

Value scenario_of(const CompressRequest& request) {
  const Catalogues& catalogues = light_catalogues();
  const auto seed = static_cast<std::int64_t>(request.seed);
  const auto rounds = static_cast<std::int64_t>(request.rounds);
  return Value::Object{
      {"workers", static_cast<std::int64_t>(request.gradients.size())},
      {"seeds", Value::Object{{"training", seed}, {"network", seed}}},
      {"network", resolve_trusted(R"({"type": "ideal"})", catalogues.at("networks"), catalogues)},
      {"program", Value::Object{{"type", "synchronous"}, {"exchange", request.exchange}}},
      {"simulated_device", instant_devices()},
      {"evaluation", Value::Object{{"every_rounds", rounds + 1}}},
      {"stop", Value::Object{{"max_rounds", rounds}}}};
}

/// The mean gradient over the workers, [d].
std::vector<double> mean_of(const std::vector<GivenGradient>& gradients) {
  std::vector<double> mean(gradients.front().values.size());
  for (const GivenGradient& gradient : gradients) {
    for (std::size_t i = 0; i < mean.size(); ++i)
      mean[i] += gradient.values[i] / static_cast<double>(gradients.size());
  }
  return mean;
}

/// ||u - factor g|| / ||factor g||, and the cosine.
template <class T>
std::pair<double, double> compare(const std::vector<T>& u, const std::vector<double>& g, double factor) {
  double error = 0, squares_u = 0, squares_g = 0, product = 0;
  for (std::size_t i = 0; i < g.size(); ++i) {
    const double want = factor * g[i];
    error += std::pow(u[i] - want, 2);
    squares_u += static_cast<double>(u[i]) * u[i];
    squares_g += want * want;
    product += u[i] * want;
  }
  const double lengths = std::sqrt(squares_u * squares_g);
  return {squares_g > 0 ? std::sqrt(error / squares_g) : std::sqrt(error),
          lengths > 0 ? product / lengths : 0};
}

}  // namespace

CompressResult compress(CompressRequest request) {
  const Value scenario = scenario_of(request);
  const auto workers = static_cast<std::uint32_t>(request.gradients.size());
  const std::vector<double> mean = mean_of(request.gradients);
  CompressResult result;
  result.workers = workers;
  result.rounds = request.rounds;
  result.shape = request.gradients.front().shape;
  auto training =
      training_plugin().make_given(std::move(request.gradients), request.compression, request.seed);
  const GivenTraining& given = *training;
  Scales scales;
  Experiment experiment(scenario, std::move(training), 0, scales);
  experiment.run();

  const double shares = static_cast<double>(workers) * static_cast<double>(request.rounds);
  result.up = divided(scales.up, shares);
  result.down = divided(scales.down, shares);
  result.update = given.update();
  std::tie(result.relative_error, result.cosine) = compare(result.update, mean, 1);
  result.summed_error = compare(given.sum_of_updates(), mean, static_cast<double>(request.rounds)).first;
  for (std::size_t i = 0; i < result.update.size(); ++i) {
    if (result.update[i] != 0) result.kept.push_back(i);
  }
  return result;
}

}  // namespace telegrad::app
