#pragma once

#include <gtest/gtest.h>

#include <cctype>
#include <string>
#include <vector>

#include "tests/support/trainings.h"

namespace telegrad::testing_support {

/// All methods by their examples, and variants.
inline std::vector<std::string> variants() {
  std::vector<std::string> all;
  for (const auto& entry : training::methods().entries()) {
    if (entry.make.compressor) all.push_back(entry.about.example);
  }
  for (
      const char* json :
      {R"({"type": "dense", "value": "fp16", "error_feedback": true})",
       R"({"type": "dense", "value": "bf16", "zstd": true})",
       R"({"type": "natural", "error_feedback": true})",
       R"({"type": "top_k", "k": 3, "granularity": "model"})",
       R"({"type": "top_k", "ratio": 0.1, "value": "fp16", "index": "auto"})",
       R"({"type": "top_k", "ratio": 0.1, "value": "natural", "index": "rice"})",
       R"({"type": "top_k", "ratio": 0.1, "bucket": 50, "index": "bitmap", "zstd": true})",
       R"({"type": "top_k", "ratio": 0.1, "whole_below": 100})",
       R"({"type": "top_k", "ratio": 0.1, "whole": ["b"]})",
       R"({"type": "top_k", "ratio": 0.1, "selection": "sampled", "granularity": "model"})",
       R"({"type": "top_k", "ratio": 0.1, "error_feedback": false})",
       R"({"type": "top_k", "ratio": 0.1, "momentum_correction": 0.5, "nesterov": true})",
       R"({"type": "rand_k", "ratio": 0.1, "shared": false})",
       R"({"type": "rand_k", "ratio": 0.1, "error_feedback": false})",
       R"({"type": "qsgd", "levels": 1, "code": "elias", "norm": "l2", "granularity": "model"})",
       R"({"type": "terngrad", "code": "base3", "clip_deviations": 0})",
       R"({"type": "scaled_sign", "scale": "l2", "bucket": 16})",
       R"({"type": "wangni", "epsilon": 0.5, "index": "delta"})",
       R"({"type": "direction", "set": "axes"})",
       R"({"type": "direction", "set": "simplex"})",
       R"({"type": "clat", "cost": {"model": "packet_entries", "packet_bits": 500}, "error_feedback": true})",
       R"({"type": "clat", "mode": "sign", "cost": {"model": "payload"}, "error_feedback": true})",
       R"({"type": "clat", "mode": "stochastic", "cost": {"model": "packet_bits", "packet_bits": 500}})"}) {
    all.push_back(json);
  }
  return all;
}

inline std::string variant_name(const testing::TestParamInfo<std::string>& info) {
  std::string name = std::to_string(info.index);
  for (char c : info.param) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0) name += c;
  }
  return name;
}

}  // namespace telegrad::testing_support
