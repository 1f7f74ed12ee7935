#include "training/methods/residual.h"

#include <string>

#include "sim/core/errors.h"

namespace telegrad::training {

codecs::BlockView open(const Block& block, std::span<const codecs::Unit> units) {
  codecs::BlockView view;
  auto error = codecs::open_block(block.bytes(), units, view);
  if (error != codecs::DecodeError::none) {
    throw RunError(Failure::bad_data, "a block of " + std::to_string(block.size) +
                                          " bytes cannot be decoded: " + codecs::to_string(error));
  }
  return view;
}

void Residual::restore(const Payload& returned, std::span<const codecs::Unit> units) {
  for (const Block& block : returned.blocks()) {
    if (!block.lost) codecs::add_block(open(block, units), values_, 1.0F);
  }
}

}  // namespace telegrad::training
