#include "training/methods/options.h"

#include <algorithm>

#include "sim/core/errors.h"
#include "training/methods/feedback.h"

namespace telegrad::training {

Parameter value_parameter() {
  return choice("value", {"fp32", "fp16", "bf16", "natural"},
                "how values travel; fp16 saturates at 65504, natural rounds to a power of two at random, "
                "without bias")
      .otherwise("fp32");
}

codecs::ValueCodec value_codec(const Value& resolved) {
  const std::string& name = resolved["value"].text();
  if (name == "fp16") return codecs::ValueCodec::fp16;
  if (name == "bf16") return codecs::ValueCodec::bf16;
  return name == "natural" ? codecs::ValueCodec::natural : codecs::ValueCodec::fp32;
}

Parameter index_parameter() {
  return choice("index", codecs::index_choices(), "how indices travel; auto is the shortest for each block")
      .otherwise("fixed");
}

Parameter granularity_parameter(const char* otherwise) {
  return choice("granularity", {"tensor", "model", "output"},
                "what is compressed on its own: each tensor, all at once, or the weights of each output of a "
                "layer")
      .otherwise(otherwise);
}

Granularity granularity(const Value& resolved) {
  const std::string& name = resolved["granularity"].text();
  if (name == "output") return Granularity::output;
  return name == "model" ? Granularity::model : Granularity::tensor;
}

Parameter bucket_parameter(const char* help) { return integer("bucket", help).in(1, 1e9).optional(); }

std::vector<codecs::Unit> units_of(const Value& resolved, const Layout& layout) {
  std::vector<codecs::Unit> result;
  for (const codecs::Unit& unit : units_with_scales(resolved, layout)) {
    const std::uint32_t length = unit.bucket_size();
    for (std::uint32_t from = 0; from < unit.size; from += length) {
      result.push_back({unit.first + from, std::min(length, unit.size - from)});
    }
  }
  if (result.size() > 65536) {
    throw ScenarioError("", {{"/compression/uplink", 0, 0,
                              "makes " + std::to_string(result.size()) + " units, a block can name 65536",
                              "choose a larger bucket or another granularity"}});
  }
  return result;
}

std::vector<codecs::Unit> units_with_scales(const Value& resolved, const Layout& layout) {
  std::vector<codecs::Unit> result = units(layout, granularity(resolved));
  if (const Value* bucket = resolved.find("bucket")) {
    for (codecs::Unit& unit : result) unit.bucket = static_cast<std::uint32_t>(bucket->integer());
  }
  return result;
}

Parameter zstd_parameter() {
  return boolean("zstd", "compress each block with zstd where that makes it shorter").otherwise(false);
}

codecs::Stamp stamp(const Value& resolved, const NodeContext& context) {
  codecs::Stamp result{.method = context.method, .worker = context.rank};
  if (const Value* index = resolved.find("index")) result.indices = codecs::index_choice(index->text());
  if (const Value* zstd = resolved.find("zstd"); zstd != nullptr && zstd->boolean())
    result.flags |= codecs::kZstd;
  return result;
}

Table feedback_parameters(bool otherwise) {
  return {
      boolean("error_feedback", "add what was not sent or not applied to the next gradient")
          .otherwise(otherwise),
      real("momentum_correction",
           "with feedback: momentum inside the worker, before it chooses what to send; the "
           "optimizer's own is then 0 (Lin et al. 2018)")
          .in(0, 0.9999)
          .otherwise(0.0),
      boolean("nesterov", "momentum correction looks ahead").otherwise(false),
      boolean("factor_masking", "momentum of what was sent begins anew").otherwise(true),
      real("local_clip_norm",
           "a gradient's norm before it meets the residual is at most this / sqrt(workers)")
          .above(0)
          .optional(),
  };
}

std::unique_ptr<Compressor> with_feedback(const Value& resolved, const NodeContext& context,
                                          std::unique_ptr<Compressor> inner) {
  if (!resolved["error_feedback"].boolean()) return inner;
  Feedback::Settings settings{.momentum = resolved["momentum_correction"].number(),
                              .nesterov = resolved["nesterov"].boolean(),
                              .factor_masking = resolved["factor_masking"].boolean(),
                              .clip_norm = {}};
  if (const Value* clip = resolved.find("local_clip_norm")) settings.clip_norm = clip->number();
  return std::make_unique<Feedback>(context, settings, std::move(inner));
}

void refuse_feedback(const Value& resolved, std::vector<Problem>& problems) {
  const Value* wanted = resolved.find("error_feedback");
  if (wanted == nullptr || !wanted->boolean()) return;
  problems.push_back({"/error_feedback", 0, 0,
                      "an unbiased method enlarges what it sends, so that a residual can grow without bound",
                      "leave feedback out, or choose a method that contracts (top_k, scaled_sign, ...)"});
}

void set_default(Table& parameters, std::string_view name, Value otherwise) {
  auto found = std::find_if(parameters.begin(), parameters.end(),
                            [name](const Parameter& parameter) { return parameter.name == name; });
  expect(found != parameters.end(), "a setting of the method");
  *found = std::move(*found).otherwise(std::move(otherwise));
}

Table operator+(Table left, Table right) {
  for (Parameter& parameter : right) left.push_back(std::move(parameter));
  return left;
}

}  // namespace telegrad::training
