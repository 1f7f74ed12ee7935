// One gradient and one evaluation of a model, for comparison with the same model in Python:
// model_gradient MODEL CHANNELS HEIGHT WIDTH CLASSES FOLDER, where MODEL is JSON. Reads inputs.f32 and labels.i64, as many
// of a sample as the model answers, from the folder, and state.pt where it exists, else draws one and writes it. Writes logits.f32 (of evaluation), loss.txt, and
// gradient.pt: a state dict of the gradient and of the buffers after it.

#include <ATen/ops/from_blob.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "sim/core/errors.h"
#include "tests/training/models/noise.h"
#include "training/initial_weights.h"
#include "training/learning/gradient.h"
#include "training/span.h"
#include "training/state_dict.h"

namespace telegrad::training {
namespace {

namespace fs = std::filesystem;

template <class T>
std::vector<T> read(const fs::path& path) {
  std::vector<T> values(fs::file_size(path) / sizeof(T));
  std::ifstream file(path, std::ios::binary);
  file.read(reinterpret_cast<char*>(values.data()), static_cast<std::streamsize>(values.size() * sizeof(T)));
  return values;
}

class Read final : public Samples {
 public:
  /// answers: labels of a sample.
  Read(const fs::path& folder, std::int64_t features, std::int64_t answers)
      : Samples(first_labels(folder, answers), static_cast<std::size_t>(answers)),
        inputs_(read<float>(folder / "inputs.f32")), labels_(read<std::int64_t>(folder / "labels.i64")),
        features_(features), answers_(answers) {}

 protected:
  void fill(std::span<const std::uint32_t> chosen, float* inputs, std::int64_t* targets,
            const StreamKey*) const override {
    for (std::uint32_t sample : chosen) {
      inputs = std::copy_n(inputs_.begin() + sample * features_, features_, inputs);
      targets = std::copy_n(labels_.begin() + sample * answers_, answers_, targets);
    }
  }

 private:
  static std::vector<Label> first_labels(const fs::path& folder, std::int64_t answers) {
    const auto labels = read<std::int64_t>(folder / "labels.i64");
    std::vector<Label> first;
    for (std::size_t i = 0; i < labels.size(); i += static_cast<std::size_t>(answers)) {
      first.push_back(static_cast<Label>(labels[i]));
    }
    return first;
  }
  std::vector<float> inputs_;
  std::vector<std::int64_t> labels_;
  std::int64_t features_;
  std::int64_t answers_;
};

int run(char** given) {
  const fs::path folder = given[6];
  Dataset dataset;
  dataset.shape = {std::stoll(given[2]), std::stoll(given[3]), std::stoll(given[4])};
  dataset.classes = static_cast<std::uint32_t>(std::stoul(given[5]));
  dataset.symbols = dataset.classes;  // of a text
  const auto model = testing_support::model(given[1], dataset);
  dataset.train = std::make_shared<Read>(folder, dataset.shape.features(), model->answers());
  ModelState state{draw_weights(model->layout(), 1), initial_buffers(*model)};
  if (fs::exists(folder / "state.pt")) {
    state = read_state_dict(folder / "state.pt", *model);
  } else {
    write_state_dict(folder / "state.pt", *model, state);
  }
  std::vector<std::uint32_t> all(dataset.train->size());
  for (std::uint32_t i = 0; i < all.size(); ++i) all[i] = i;
  const Gradient g =
      gradient(*model, state.parameters, *dataset.train, all, dataset.shape, {.buffers = state.buffers});
  write_state_dict(folder / "gradient.pt", *model, {g.values, g.buffers});
  std::ofstream loss(folder / "loss.txt");
  loss.precision(17);
  loss << g.loss << '\n';
  const auto leaves = tensors_of(model->layout(), state.parameters);
  const auto buffers = tensors_of(model->buffers(), state.buffers);
  std::vector<float> inputs = read<float>(folder / "inputs.f32");
  const at::Tensor batch =
      at::from_blob(inputs.data(), {static_cast<std::int64_t>(all.size()), dataset.shape.features()});
  const at::Tensor logits = model->logits(Pass{.parameters = leaves, .buffers = buffers}, batch).contiguous();
  std::ofstream out(folder / "logits.f32", std::ios::binary);
  out.write(reinterpret_cast<const char*>(logits.const_data_ptr<float>()),
            static_cast<std::streamsize>(logits.nbytes()));
  std::printf("%lld parameters, %.17g multiply-accumulates\n", static_cast<long long>(model->layout().size()),
              model->multiply_accumulates());
  return out ? 0 : 1;
}

}  // namespace
}  // namespace telegrad::training

int main(int count, char** given) {
  if (count != 7) return 2;
  try {
    return telegrad::training::run(given);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
