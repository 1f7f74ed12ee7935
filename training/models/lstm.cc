#include <ATen/ops/embedding.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/lstm.h>
#include <ATen/ops/zeros.h>

#include <cmath>
#include <tuple>

#include "sim/core/errors.h"
#include "training/models/model.h"

namespace telegrad::training {
namespace {

struct Settings {
  std::int64_t layers = 2;
  std::int64_t hidden = 256;
  std::int64_t embedding = 8;
  bool everywhere = false;  // one answer for each symbol of the sequence, not for the last one alone
};

class Lstm final : public Model {
 public:
  Lstm(std::int64_t length, std::int64_t symbols, std::int64_t classes, const Settings& settings)
      : length_(length), symbols_(symbols), settings_(settings) {
    const std::int64_t hidden = settings.hidden;
    layout_.add("embedding.weight", {symbols, settings.embedding}, Initial{.deviation = 1});
    const double bound = 1 / std::sqrt(static_cast<double>(hidden));
    std::int64_t inputs = settings.embedding;
    for (std::int64_t layer = 0; layer < settings.layers; ++layer) {
      const std::string suffix = "_l" + std::to_string(layer);
      layout_.add("lstm.weight_ih" + suffix, {4 * hidden, inputs}, bound);
      layout_.add("lstm.weight_hh" + suffix, {4 * hidden, hidden}, bound);
      layout_.add("lstm.bias_ih" + suffix, {4 * hidden}, bound);
      layout_.add("lstm.bias_hh" + suffix, {4 * hidden}, bound);
      multiply_accumulates_ += static_cast<double>(length * 4 * hidden * (inputs + hidden));
      inputs = hidden;
    }
    add_layer("fc", {classes, hidden}, settings.everywhere ? length : 1);
  }

  at::Tensor logits(const Pass& pass, const at::Tensor& inputs) const override {
    const at::Tensor numbers = inputs.view({-1, length_}).to(at::kLong).clamp(0, symbols_ - 1);
    const std::int64_t n = numbers.size(0);
    const at::Tensor start = at::zeros({settings_.layers, n, settings_.hidden}, pass.parameters[0].options());
    const std::size_t last = pass.parameters.size() - 2;
    const at::TensorList weights(pass.parameters.data() + 1, last - 1);
    const bool training = pass.mode == Mode::training;
    at::Tensor states = std::get<0>(at::lstm(at::embedding(pass.parameters[0], numbers), {start, start},
                                             weights, true, settings_.layers, 0.0, training, false, true));
    if (!settings_.everywhere) states = states.select(1, length_ - 1);
    const at::Tensor answers = at::linear(states, pass.parameters[last], pass.parameters[last + 1]);
    return settings_.everywhere ? answers.transpose(1, 2) : answers;
  }
  std::int64_t answers() const override { return settings_.everywhere ? length_ : 1; }

 private:
  std::int64_t length_;
  std::int64_t symbols_;
  Settings settings_;
};

std::unique_ptr<Model> make(const Value& resolved, const Dataset& dataset) {
  Settings settings{.layers = resolved["layers"].integer(),
                    .hidden = resolved["hidden"].integer(),
                    .embedding = resolved["embedding"].integer(),
                    .everywhere = !dataset.target_shape.empty()};
  if (dataset.symbols == 0) {
    throw ScenarioError(
        "", {{"/training/model/type", 0, 0, "lstm reads numbers of symbols, the dataset's inputs are values",
              "choose the dataset text, leaf with texts, or npy with 'symbols'; or another model"}});
  }
  return std::make_unique<Lstm>(dataset.shape.features(), dataset.symbols, dataset.classes, settings);
}

}  // namespace

Entry<MakeModel> lstm_model() {
  return {{.name = "lstm",
           .summary = "embedding, LSTM layers, fully connected: the next symbol of a text; inputs are "
                      "numbers of symbols",
           .source = "Hochreiter and Schmidhuber 1997; sizes of McMahan et al. 2017",
           .parameters = {integer("layers", "LSTMs, one on top of the other").in(1, 8).otherwise(2),
                          integer("hidden", "length of each one's state").in(1, 8192).otherwise(256),
                          integer("embedding", "numbers that stand for a symbol").in(1, 8192).otherwise(8)},
           .example = R"({"type": "lstm", "layers": 2, "hidden": 256, "embedding": 8})"},
          make};
}

}  // namespace telegrad::training
