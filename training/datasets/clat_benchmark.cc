#include "training/datasets/clat_benchmark.h"

#include <cstdint>

#include "training/datasets/float_rows.h"

namespace telegrad::training {
namespace {

Dataset make(const Value& resolved, std::uint64_t) {
  const ClatData data = clat_data();
  std::vector<float> rows;
  std::vector<Label> labels;
  for (const auto& row : data.rows) {
    for (double value : row) rows.push_back(static_cast<float>(value));
  }
  for (int label : data.labels) labels.push_back(label > 0 ? 1 : 0);
  Dataset dataset;
  dataset.shape = {1, 1, ClatData::kFeatures};
  dataset.classes = 2;
  dataset.train = std::make_shared<FloatRows>(std::move(labels), std::move(rows), ClatData::kFeatures);
  dataset.test = dataset.train;
  dataset.validation = static_cast<std::uint64_t>(resolved["validation"].integer());
  dataset.origin = "drawn by rule";
  return dataset;
}

}  // namespace

ClatData clat_data() {
  std::uint64_t state = 12345;
  auto symmetric = [&state] {
    state = 6364136223846793005ULL * state + 1442695040888963407ULL;
    return 2 * (static_cast<double>(state >> 11) * 0x1p-53) - 1;
  };
  ClatData data;
  for (std::size_t row = 0; row < ClatData::kRows; ++row) {
    auto& values = data.rows.emplace_back();
    double sum = 0;
    for (std::size_t j = 0; j < values.size(); ++j) {
      values[j] = symmetric() / static_cast<double>(1 + j);
      sum += values[j];
    }
    data.labels.push_back(sum + 0.1 * symmetric() >= 0 ? 1 : -1);
  }
  return data;
}

Entry<MakeDataset> clat_benchmark_dataset() {
  return {
      {.name = "clat_benchmark",
       .summary =
           "200 samples of 50 features that any program can make again; tested on what is learnt from, so "
           "that the test loss is the objective",
       .source = "",
       .parameters = {validation_parameter(0)},
       .example = R"({"type": "clat_benchmark"})"},
      make};
}

}  // namespace telegrad::training
