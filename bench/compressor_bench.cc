// Whole messages on one thread: what a worker encodes of 11 million entries and a receiver adds to a vector, against
// copying the entries once.

#include <cstring>

#include "bench/paired.h"
#include "sim/core/json.h"
#include "sim/core/random.h"
#include "sim/core/resolve.h"
#include "training/methods/compressor.h"

namespace telegrad::bench {
namespace {

constexpr std::int64_t kSize = 11'000'000;  // ResNet-18
constexpr int kPairs = 5;

struct Case {
  const char* name;
  const char* json;
  double aim;  // 0: reported only
};
constexpr Case kCases[] = {
    {"top-k 1 %", R"({"type": "top_k", "ratio": 0.01, "granularity": "model", "error_feedback": false})", 6},
    {"top-k 1 % with feedback", R"({"type": "top_k", "ratio": 0.01, "granularity": "model"})", 0},
    {"top-k 1 %, shortest indices",
     R"({"type": "top_k", "ratio": 0.01, "granularity": "model", "index": "auto"})", 0},
    {"QSGD 4 bit", R"({"type": "qsgd", "levels": 7, "bucket": 512})", 0},
    {"TernGrad", R"({"type": "terngrad"})", 0},
    {"natural", R"({"type": "natural"})", 0},
    {"scaled sign", R"({"type": "scaled_sign", "error_feedback": false})", 0},
};

}  // namespace

void bench_compressor(std::vector<Line>& lines) {
  training::Layout layout;
  layout.add("x", {kSize}, 0);
  std::vector<float> values(kSize), copy(kSize), into(kSize);
  Stream stream({.seed = 1, .purpose = Purpose::method});
  for (float& value : values) value = static_cast<float>(stream.normal());
  const Catalogue catalogue = training::methods().catalogue();
  for (const Case& c : kCases) {
    auto method =
        training::make_compressor(resolve_trusted(c.json, catalogue), training::NodeContext{layout});
    std::uint64_t round = 0;
    auto message = [&] {
      Payload payload = method->encode(values, training::Step{.round = ++round}, Cut{});
      method->add(payload, 1.0F, into);
    };
    lines.push_back(compare(
        std::string(c.name) + ", encoded and added, 11 million entries", c.aim, "encode and add",
        [&] { return seconds_of(message); }, "memcpy of the entries",
        [&] {
          return seconds_of([&] { std::memcpy(copy.data(), values.data(), values.size() * sizeof(float)); });
        },
        kPairs));
  }
}

}  // namespace telegrad::bench
