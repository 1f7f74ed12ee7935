#include "sim/codecs/factors.h"

#include <algorithm>
#include <memory>
#include <string>

#include "sim/core/errors.h"

namespace telegrad::codecs {
namespace {

constexpr std::size_t kParameters = 6;  // the tile's columns, the matrix's terms
constexpr std::uint64_t kMost = 65535;  // values of a block

/// Part of one matrix: these terms, where they cross these rows and columns.
struct Tile {
  std::uint32_t row, rows, column, columns;
  std::size_t term, terms;

  std::uint64_t values() const { return terms * (std::uint64_t{1} + rows + columns); }
};

class FactorPacker {
 public:
  FactorPacker(const Stamp& stamp, ValueCodec value, std::uint32_t limit)
      : stamp_(stamp), value_(value), limit_(limit),
        form_(limit <= kCompactLimit ? HeaderForm::compact : HeaderForm::plain) {}

  void add(std::uint16_t unit, const Matrix& matrix, const Terms& terms) {
    const std::size_t k = terms.sigma.size();
    if (k == 0) return append(header_of(unit, matrix.first, matrix.size, 0), {});
    if (k > kMost) throw RunError(Failure::internal, "a matrix of more terms than a block can count");
    const std::uint64_t room = values_that_fit(unit, matrix);
    const Tile whole{0, matrix.rows, 0, matrix.columns, 0, k};
    if (whole.values() <= room) return write(unit, matrix, terms, whole);
    if (room < 3) {
      throw RunError(Failure::internal,
                     "a block of " + std::to_string(limit_) +
                         " bytes cannot hold a header and three factors; use larger datagrams");
    }
    // A row of u and a column of v at the least; the shorter side whole where it leaves half of the room.
    const auto sides = static_cast<std::uint32_t>(std::min<std::uint64_t>(room - 1, kMost));
    const std::uint32_t rows_left = sides - std::min(matrix.rows, sides - 1);
    const std::uint32_t columns = std::min(matrix.columns, std::max(sides / 2, rows_left));
    const std::uint32_t rows = std::min(matrix.rows, sides - columns);
    for (std::size_t term = 0; term < k; ++term) {
      for (std::uint32_t row = 0; row < matrix.rows; row += rows) {
        for (std::uint32_t column = 0; column < matrix.columns; column += columns) {
          write(unit, matrix, terms,
                {row, std::min(rows, matrix.rows - row), column, std::min(columns, matrix.columns - column),
                 term, 1});
        }
      }
    }
  }

  Payload finish() && {
    auto owner = std::make_shared<const std::vector<std::byte>>(std::move(bytes_));
    std::vector<Block> blocks;
    std::size_t from = 0;
    for (std::size_t end : ends_) {
      blocks.emplace_back(owner, owner->data() + from, static_cast<std::uint32_t>(end - from));
      from = end;
    }
    return Payload(std::move(blocks), information_bits_);
  }

 private:
  BlockHeader header_of(std::uint16_t unit, std::uint32_t first, std::uint32_t span,
                        std::uint64_t count) const {
    return {.method = stamp_.method,
            .index_codec = IndexCodec::factors,
            .value_codec = value_,
            .worker = stamp_.worker,
            .unit = unit,
            .count = static_cast<std::uint16_t>(count),
            .first = first,
            .span = span};
  }

  std::uint64_t values_that_fit(std::uint16_t unit, const Matrix& matrix) const {
    const std::uint32_t entries = matrix.rows * matrix.columns;
    const BlockHeader longest = header_of(unit, matrix.first + entries, entries, kMost);
    const std::size_t taken = header_bytes(longest, form_) + kParameters;
    if (limit_ <= taken) return 0;
    return std::min<std::uint64_t>(kMost, (limit_ - taken) * std::uint64_t{8} / value_bits(value_));
  }

  void write(std::uint16_t unit, const Matrix& matrix, const Terms& terms, const Tile& tile) {
    body_.resize(kParameters + tile.values() * value_bits(value_) / 8);
    BitWriter writer(body_);
    writer.put(tile.columns, 32);
    writer.put(terms.sigma.size(), 16);
    auto put = [&](float value) { writer.put(to_bits(value, value_), value_bits(value_)); };
    for (std::size_t i = tile.term; i < tile.term + tile.terms; ++i) {
      put(terms.sigma[i]);
      for (std::uint32_t r = 0; r < tile.rows; ++r) put(terms.left[i * matrix.rows + tile.row + r]);
      for (std::uint32_t c = 0; c < tile.columns; ++c) put(terms.right[i * matrix.columns + tile.column + c]);
    }
    writer.finish();
    const std::uint32_t corner = matrix.first + tile.row * matrix.columns + tile.column;
    append(header_of(unit, corner, tile.rows * tile.columns, tile.values()), body_);
    information_bits_ += tile.values() * value_bits(value_);
  }

  void append(const BlockHeader& header, std::span<const std::byte> body) {
    const std::size_t at = bytes_.size();
    const std::size_t head = header_bytes(header, form_);
    bytes_.resize(at + head);
    write_header(header, form_, std::span(bytes_).subspan(at, head));
    bytes_.insert(bytes_.end(), body.begin(), body.end());
    ends_.push_back(bytes_.size());
  }

  Stamp stamp_;
  ValueCodec value_;
  std::uint32_t limit_;
  HeaderForm form_;
  std::vector<std::byte> bytes_, body_;
  std::vector<std::size_t> ends_;
  std::uint64_t information_bits_ = 0;
};

bool is_float(ValueCodec codec) {
  return codec == ValueCodec::fp32 || codec == ValueCodec::fp16 || codec == ValueCodec::bf16;
}

}  // namespace

Payload pack_factors(const Stamp& stamp, std::span<const Matrix> matrices, std::span<const Terms> terms,
                     ValueCodec value, Cut cut) {
  expect(matrices.size() == terms.size() && matrices.size() <= 65536, "terms of each matrix");
  expect(is_float(value) && cut.pieces == 1, "whole factors as floats");
  FactorPacker packer(stamp, value, cut.limit);
  for (std::size_t i = 0; i < matrices.size(); ++i) {
    packer.add(static_cast<std::uint16_t>(i), matrices[i], terms[i]);
  }
  return std::move(packer).finish();
}

DecodeError open_factors(std::span<const std::byte> bytes, std::span<const Matrix> matrices,
                         FactorView& view) {
  std::size_t head = 0;
  if (auto error = read_header(bytes, view.header, head); error != DecodeError::none) return error;
  const BlockHeader& header = view.header;
  if (header.index_codec != IndexCodec::factors || !is_float(header.value_codec) || header.flags != 0)
    return DecodeError::unknown_codec;
  if (header.unit >= matrices.size()) return DecodeError::out_of_range;
  const Matrix& matrix = view.matrix = matrices[header.unit];
  view.values.clear();
  const auto body = bytes.subspan(head);
  if (header.count == 0) {
    view = {.header = header, .matrix = matrix, .rows = matrix.rows, .columns = matrix.columns, .of = 0};
    if (header.first != matrix.first || header.span != matrix.size) return DecodeError::out_of_range;
    return body.empty() ? DecodeError::none : DecodeError::trailing_bytes;
  }
  const unsigned bits = value_bits(header.value_codec);
  const std::size_t size = kParameters + std::size_t{header.count} * bits / 8;
  if (body.size() != size) {
    return body.size() < size ? DecodeError::truncated : DecodeError::trailing_bytes;
  }
  BitReader reader(body);
  view.columns = reader.take(32);
  view.of = reader.take(16);
  if (header.first < matrix.first || view.columns == 0 || header.span % view.columns != 0)
    return DecodeError::out_of_range;
  view.row = (header.first - matrix.first) / matrix.columns;
  view.column = (header.first - matrix.first) % matrix.columns;
  view.rows = header.span / view.columns;
  const bool inside = view.rows > 0 && std::uint64_t{view.row} + view.rows <= matrix.rows &&
                      std::uint64_t{view.column} + view.columns <= matrix.columns;
  if (!inside) return DecodeError::out_of_range;
  const std::uint64_t each = std::uint64_t{1} + view.rows + view.columns;
  view.terms = static_cast<std::uint32_t>(header.count / each);
  if (header.count % each != 0 || view.terms > view.of) return DecodeError::out_of_range;
  for (std::uint32_t i = 0; i < header.count; ++i) {
    view.values.push_back(from_bits(reader.take(bits), header.value_codec));
  }
  return DecodeError::none;
}

void add_factors(const FactorView& view, std::span<float> into, float factor) {
  expect(std::uint64_t{view.matrix.first} + view.matrix.size <= into.size(),
         "a vector that holds the matrix");
  const std::size_t each = std::size_t{1} + view.rows + view.columns;
  for (std::uint32_t term = 0; term < view.terms; ++term) {
    const float* values = &view.values[term * each];
    const float* v = values + 1 + view.rows;
    for (std::uint32_t r = 0; r < view.rows; ++r) {
      const std::uint64_t at = std::uint64_t{view.row + r} * view.matrix.columns + view.column;
      if (at >= view.matrix.size) break;  // behind the run
      const auto columns = std::min<std::uint64_t>(view.columns, view.matrix.size - at);
      const float of_row = factor * (values[0] * values[1 + r]);
      float* out = &into[view.matrix.first + at];
      for (std::uint64_t c = 0; c < columns; ++c) out[c] += of_row * v[c];
    }
  }
}

}  // namespace telegrad::codecs
