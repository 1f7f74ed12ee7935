// The loops over all entries of a gradient, on one thread: selection against LibTorch's, packing against copying.

#include <torch/torch.h>

#include <cmath>
#include <cstring>

#include "bench/paired.h"
#include "sim/core/errors.h"
#include "sim/core/random.h"
#include "training/kernels/codes.h"
#include "training/kernels/natural.h"
#include "training/kernels/quantise.h"
#include "training/kernels/select.h"
#include "training/kernels/signs.h"
#include "training/kernels/ternary.h"

namespace telegrad::bench {
namespace {

using namespace training::kernels;

constexpr std::size_t kSize = 11'000'000;  // ResNet-18
constexpr int kPairs = 9;

struct Data {
  Data() {
    for (float& value : values) value = static_cast<float>(stream.normal());
    stream.fill_uniform(uniforms);
  }
  std::vector<float> values = std::vector<float>(kSize);
  std::vector<float> uniforms = std::vector<float>(kSize);
  std::vector<float> copy = std::vector<float>(kSize);
  std::vector<std::byte> packed = std::vector<std::byte>(packed_bytes(kSize, kWidest));
  Stream stream{{.seed = 1, .purpose = Purpose::method}};

  std::span<std::byte> room(std::size_t bytes) { return std::span(packed).first(bytes); }
  at::Tensor tensor(std::vector<float>& of) { return at::from_blob(of.data(), {std::int64_t{kSize}}); }
};

void bench_selection(Data& data, std::vector<Line>& lines) {
  constexpr std::size_t kChosen = kSize / 100;
  std::vector<std::uint64_t> scratch;
  std::vector<std::uint32_t> chosen;
  auto topk = [](const at::Tensor& magnitudes) {
    auto best = at::topk(magnitudes, kChosen, -1, true, false);
    expect(std::get<1>(best).numel() == kChosen, "as many as wanted");
  };
  at::Tensor magnitudes = data.tensor(data.values).abs();
  lines.push_back(compare(
      "select the largest 1 % of 11 million", 1.0 / 8, "select_largest",
      [&] {
        return seconds_of([&] { expect(select_largest(data.values, kChosen, scratch, chosen), "finite"); });
      },
      "at::topk of the magnitudes, unsorted", [&] { return seconds_of([&] { topk(magnitudes); }); }, kPairs));
  std::vector<float> residual(kSize), theirs(kSize);
  at::Tensor sum = data.tensor(theirs);
  at::Tensor gradient = data.tensor(data.values);
  lines.push_back(compare(
      "add to the residual and select 1 %", 1.0 / 8, "add_and_select",
      [&] {
        return seconds_of(
            [&] { expect(add_and_select(residual, data.values, kChosen, scratch, chosen), "finite"); });
      },
      "add_, abs, at::topk", [&] { return seconds_of([&] { topk(sum.add_(gradient).abs()); }); }, kPairs));
}

void bench_random(Data& data, std::vector<Line>& lines) {
  lines.push_back(compare(
      "11 million uniforms", 0.5, "fill_uniform",
      [&] { return seconds_of([&] { data.stream.fill_uniform(data.uniforms); }); }, "one by one",
      [&] {
        return seconds_of([&] {
          for (float& number : data.uniforms) number = data.stream.uniform24();
        });
      },
      kPairs));
}

void bench_packing(Data& data, std::vector<Line>& lines) {
  auto copy = [&] { std::memcpy(data.copy.data(), data.values.data(), kSize * sizeof(float)); };
  auto against_copy = [&](const char* name, double aim, const char* what, const std::function<void()>& ours) {
    lines.push_back(compare(
        name, aim, what, [&] { return seconds_of(ours); }, "memcpy of the values",
        [&] { return seconds_of(copy); }, kPairs));
  };
  against_copy("pack signs", 1.5, "pack_signs",
               [&] { pack_signs(data.values, data.room(sign_bytes(kSize))); });
  against_copy("pack ternary", 2.5, "pack_ternary, uniforms given",
               [&] { pack_ternary(data.values, data.uniforms, 6, data.room(ternary_bytes(kSize))); });
  against_copy("pack ternary, five in a byte", 2.5, "pack_ternary_base3, uniforms given", [&] {
    pack_ternary_base3(data.values, data.uniforms, 6, data.room(ternary_base3_bytes(kSize)));
  });
  against_copy("natural compression", 2.5, "pack_natural, uniforms given", [&] {
    pack_natural(data.values, data.uniforms, data.room(packed_bytes(kSize, kNaturalWidth)));
  });
  for (unsigned width : {4U, 8U}) {
    std::uint32_t levels = (1U << (width - 1)) - 1;
    lines.push_back(compare(
        "quantise to " + std::to_string(width) + " bits", 1.3, "stochastic_quantise, uniforms drawn",
        [&] {
          return seconds_of([&] {
            stochastic_quantise(data.values, data.stream, 6, levels, width,
                                data.room(packed_bytes(kSize, width)));
          });
        },
        "fill_uniform and memcpy of the values",
        [&] { return seconds_of([&] { data.stream.fill_uniform(data.uniforms), copy(); }); }, kPairs));
  }
}

}  // namespace

void bench_kernels(std::vector<Line>& lines) {
  int threads = at::get_num_threads();
  at::set_num_threads(1);
  Data data;
  bench_selection(data, lines);
  bench_random(data, lines);
  bench_packing(data, lines);
  at::set_num_threads(threads);
}

}  // namespace telegrad::bench
