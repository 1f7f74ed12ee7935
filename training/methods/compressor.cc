#include "training/methods/compressor.h"

#include <cmath>

#include "sim/core/errors.h"
#include "training/methods/method.h"

namespace telegrad::training {

void Compressor::add(const Payload& payload, float factor, std::span<float> into) const {
  add_blocks(payload, units(), factor, into);
}

void add_blocks(const Payload& payload, std::span<const codecs::Unit> units, float factor,
                std::span<float> into) {
  for (const Block& block : payload.blocks()) {
    if (!block.lost) codecs::add_block(open(block, units), into, factor);
  }
}

codecs::BlockView open(const Block& block, std::span<const codecs::Unit> units) {
  codecs::BlockView view;
  auto error = codecs::open_block(block.bytes(), units, view);
  if (error != codecs::DecodeError::none) {
    throw RunError(Failure::bad_data, "a block of " + std::to_string(block.size) +
                                          " bytes cannot be decoded: " + codecs::to_string(error));
  }
  return view;
}

bool is_folded(const Block& block) {
  codecs::BlockHeader header;
  std::size_t size = 0;
  return codecs::read_header(block.bytes(), header, size) == codecs::DecodeError::none && header.folded();
}

namespace {

codecs::MethodId number_of(const Entry<Maker>& entry) {
  return static_cast<codecs::MethodId>(&entry - methods().entries().data() + 1);
}

void require_parameters(const Layout& layout) {
  if (layout.size() > 0) return;
  throw ScenarioError("", {{"/training/model", 0, 0, "has no parameters: there is no gradient to send",
                            "expected a model with at least one weight"}});
}

}  // namespace

std::unique_ptr<Compressor> make_compressor(const Value& resolved, NodeContext context) {
  require_parameters(context.layout);
  const Entry<Maker>& entry = methods().at(resolved["type"].text());
  context.method = number_of(entry);
  if (!entry.make.compressor || (entry.make.method && entry.make.method(resolved, context))) {
    throw ScenarioError("", {{"/compression/downlink/method", 0, 0,
                              "'" + entry.about.name + "' is no compressor: it takes several exchanges",
                              "choose a method that one node can apply alone (top_k, qsgd, ...)"}});
  }
  return entry.make.compressor(resolved, context);
}

Task<Update> Method::keep_up(Step, Exchange&) {
  expect(false, "a method of encoders");
  co_return Update{};
}

Task<Update> Method::cohort_mean(Step, std::uint32_t, Hub&) {
  expect(false, "a method of encoders");
  co_return Update{};
}

std::unique_ptr<Collective> make_collective(const Value& compression, NodeContext context) {
  require_parameters(context.layout);
  const Value& uplink = compression["uplink"];
  const Entry<Maker>& entry = methods().at(uplink["type"].text());
  context.method = number_of(entry);
  auto collective = entry.make.method ? entry.make.method(uplink, context) : nullptr;
  if (collective && compression.find("downlink") != nullptr) {
    throw ScenarioError(
        "", {{"/compression/downlink", 0, 0,
              "'" + entry.about.name + "' says itself what returns to the workers", "leave downlink out"}});
  }
  return collective;
}

void require_finite(std::span<const float> values, const NodeContext& context, const Step& step) {
  // A sum of 0 * x is NaN as soon as one x is NaN or infinite; it is vectorised, a test of each is not.
  float sum = 0;
  for (float value : values) sum += 0.0F * value;
  if (sum == 0) return;
  std::int64_t at = 0;
  while (std::isfinite(values[static_cast<std::size_t>(at)])) ++at;
  refuse_not_finite(at, context, step);
}

void refuse_not_finite(std::int64_t coordinate, const NodeContext& context, const Step& step) {
  throw RunError(Failure::not_finite, "gradient and residual of worker " + std::to_string(context.rank) +
                                          " are not finite in " + context.layout.at(coordinate).name +
                                          " in round " + std::to_string(step.round) +
                                          "; a lower learning rate may help");
}

}  // namespace telegrad::training
