#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sim/codecs/block.h"
#include "sim/codecs/pack.h"

namespace telegrad::codecs {

/// A run of coordinates as a matrix, row by row. What lies behind the run in the last row is 0 and of nobody.
struct Matrix {
  std::uint32_t first = 0;
  std::uint32_t size = 0;  // coordinates
  std::uint32_t rows = 0;
  std::uint32_t columns = 0;
};

/// A matrix as a sum of terms sigma u v^T.
struct Terms {
  std::vector<float> sigma;
  std::vector<float> left;   // u of the first term, of the second, ...: terms x rows
  std::vector<float> right;  // v: terms x columns
};

/// Blocks of factors (README.md): all terms of a matrix in one block, or each term in tiles of its own. value: fp32,
/// fp16 or bf16. A stamp's flags and index choice mean nothing here. Throws RunError where the cut's limit does not hold
/// three values, or a matrix has more than 65535 terms.
Payload pack_factors(const Stamp& stamp, std::span<const Matrix> matrices, std::span<const Terms> terms,
                     ValueCodec value, Cut cut);

/// A block of factors that was checked.
struct FactorView {
  BlockHeader header;
  Matrix matrix;
  std::uint32_t row = 0;  // of the tile's corner
  std::uint32_t column = 0;
  std::uint32_t rows = 0;
  std::uint32_t columns = 0;
  std::uint32_t terms = 0;         // in this block
  std::uint32_t of = 0;            // in the whole matrix
  std::vector<float> values = {};  // for each term sigma, u, v
};

/// Checks a block completely, as open_block does. A block that is none of factors is of an unknown codec.
[[nodiscard]] DecodeError open_factors(std::span<const std::byte> bytes, std::span<const Matrix> matrices,
                                       FactorView& view);

/// into[coordinate] += factor * the block's terms there; into holds all matrices.
void add_factors(const FactorView& view, std::span<float> into, float factor);

}  // namespace telegrad::codecs
