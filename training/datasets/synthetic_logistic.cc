#include <array>
#include <cmath>

#include "training/datasets/float_rows.h"
#include "training/shuffle.h"

namespace telegrad::training {
namespace {

constexpr std::size_t kCopies = 4;  // of each point, 1, 2 or 3 of them with label 1
constexpr std::int64_t kMostValues = 500'000'000;

/// Points come four times, m of them labelled 1, and are shifted along the true weights w until w.a =
/// log(m / (4 - m)). Then the loss's derivative is zero at w for each point by itself, whatever the points are,
/// and the optimal loss is the mean entropy of m / 4.
class Maker final {
 public:
  Maker(std::size_t features, Stream stream) : stream_(stream), weights_(features) {
    for (double& weight : weights_) {
      weight = stream_.normal();
      norm2_ += weight * weight;
    }
  }

  std::shared_ptr<const Samples> draw(std::size_t samples, double& optimal_loss) {
    std::size_t features = weights_.size();
    std::vector<float> rows;
    std::vector<Label> labels;
    double entropy = 0;
    for (std::size_t point = 0; point < samples / kCopies; ++point) {
      std::size_t ones = 1 + stream_.below(kCopies - 1);
      double share = static_cast<double>(ones) / kCopies;
      entropy -= share * std::log(share) + (1 - share) * std::log(1 - share);
      auto row = shifted_point(std::log(share / (1 - share)));
      for (std::size_t copy = 0; copy < kCopies; ++copy) {
        rows.insert(rows.end(), row.begin(), row.end());
        labels.push_back(copy < ones ? 1 : 0);
      }
    }
    optimal_loss = labels.empty() ? 0 : entropy * kCopies / static_cast<double>(labels.size());
    return std::make_shared<FloatRows>(std::move(labels), std::move(rows), features);
  }

 private:
  std::vector<float> shifted_point(double margin) {
    std::vector<double> point(weights_.size());
    double product = 0;
    for (std::size_t i = 0; i < point.size(); ++i) {
      point[i] = stream_.normal();
      product += point[i] * weights_[i];
    }
    std::vector<float> row(point.size());
    for (std::size_t i = 0; i < point.size(); ++i) {
      row[i] = static_cast<float>(point[i] + (margin - product) / norm2_ * weights_[i]);
    }
    return row;
  }

  Stream stream_;
  std::vector<double> weights_;
  double norm2_ = 0;
};

Dataset make(const Value& resolved, std::uint64_t seed) {
  auto samples = static_cast<std::size_t>(resolved["samples"].integer());
  auto features = static_cast<std::size_t>(resolved["features"].integer());
  Maker maker(features, Stream(StreamKey{.seed = seed, .purpose = Purpose::dataset}));
  Dataset dataset;
  dataset.shape = {1, 1, static_cast<std::int64_t>(features)};
  dataset.classes = 2;
  double optimal_loss = 0;
  dataset.train = maker.draw(samples, optimal_loss);
  dataset.validation = static_cast<std::uint64_t>(resolved["validation"].integer());
  if (dataset.validation == 0) dataset.optimal_loss = optimal_loss;
  double unused = 0;
  dataset.test = maker.draw(samples / kCopies >= kCopies ? samples / kCopies : kCopies, unused);
  dataset.origin = "drawn by seed";
  return dataset;
}

void check(const Value& resolved, std::vector<Problem>& problems) {
  std::int64_t samples = resolved["samples"].integer();
  if (samples % static_cast<std::int64_t>(kCopies) != 0) {
    problems.push_back(
        {"/samples", 0, 0, "expected a multiple of 4, since every point comes four times", ""});
  }
  if (samples * resolved["features"].integer() > kMostValues) {
    problems.push_back({"/samples", 0, 0, "samples times features must not exceed 500,000,000", ""});
  }
}

}  // namespace

Entry<MakeDataset> synthetic_logistic_dataset() {
  return {{.name = "synthetic_logistic",
           .summary = "two classes whose best logistic loss is known in closed form, for exact tests",
           .source = "",
           .parameters = {integer("samples", "training samples, a multiple of 4").in(8, 1e7).otherwise(1024),
                          integer("features", "length of an input").in(1, 100000).otherwise(20),
                          validation_parameter(0)},
           .example = R"({"type": "synthetic_logistic", "samples": 1024, "features": 20})",
           .check = check},
          make};
}

}  // namespace telegrad::training
