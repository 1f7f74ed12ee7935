#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "sim/codecs/header.h"
#include "sim/codecs/value_stream.h"

namespace telegrad::codecs {

/// A run of coordinates that is compressed on its own: a tensor, or the whole vector. Sender and receiver know
/// the units from the model and the settings; they lie side by side and cover [0, d).
struct Unit {
  std::uint32_t first = 0;
  std::uint32_t size = 0;
  std::uint32_t bucket = 0;  // coordinates that share their scales, counted from `first`; 0: all

  std::uint32_t bucket_size() const { return bucket == 0 ? size : bucket; }
  /// Buckets that [from, to) touches.
  std::uint32_t buckets(std::uint32_t from, std::uint32_t to) const {
    if (from == to) return 0;
    return (to - 1 - first) / bucket_size() - (from - first) / bucket_size() + 1;
  }
};

/// The whole vector of d coordinates as one unit.
inline std::vector<Unit> whole(std::uint32_t coordinates, std::uint32_t bucket = 0) {
  return {Unit{0, coordinates, bucket}};
}

/// How many coordinates the units cover.
inline std::uint32_t size_of(std::span<const Unit> units) { return units.back().first + units.back().size; }

/// A block whose bytes were checked: every index and value can be read.
struct BlockView {
  BlockHeader header;
  Unit unit;
  ValueCoding coding;
  std::uint8_t index_parameter = 0;
  std::span<const std::byte> scales;                       // of the buckets that the span touches, fp32
  std::span<const std::byte> stream;                       // indices, then values
  std::uint64_t values_at = 0;                             // the bit of the stream
  std::shared_ptr<const std::vector<std::byte>> inflated;  // what a zstd frame held
};

/// Checks a block completely: length to the byte, its place in its unit, rising indices, every value, zero
/// padding. Reads nothing beyond `bytes`, whatever they are, and holds at most kMaxBody bytes.
[[nodiscard]] DecodeError open_block(std::span<const std::byte> bytes, std::span<const Unit> units,
                                     BlockView& view);

/// No body of 65535 entries is longer, zstd or not.
inline constexpr std::size_t kMaxBody = std::size_t{1} << 21;

/// Calls visit(coordinate, value) for each entry in order.
template <class Visit>
void for_each_entry(const BlockView& view, Visit visit);

/// into[coordinate - first] += factor * value for each entry; into holds the block's run.
void add_block(const BlockView& view, std::span<float> into, float factor, std::uint32_t first = 0);

/// Walks through the scales of a block as coordinates rise.
class ScaleCursor final {
 public:
  explicit ScaleCursor(const BlockView& view)
      : scales_(view.scales), each_(scales_each(view.coding.codec)), bucket_(view.unit.bucket_size()),
        end_(view.unit.first + (view.header.first - view.unit.first) / bucket_ * std::uint64_t{bucket_} +
             bucket_) {
    load();
  }
  /// The scales of this coordinate's bucket.
  const float* at(std::uint64_t coordinate) {
    while (coordinate >= end_) {
      end_ += bucket_;
      ++index_;
      if (coordinate < end_) load();
    }
    return current_;
  }

 private:
  void load() {
    std::size_t bytes = each_ * sizeof(float);
    if (bytes != 0 && (index_ + 1) * bytes <= scales_.size()) {
      std::memcpy(current_, scales_.data() + index_ * bytes, bytes);
    }
  }

  std::span<const std::byte> scales_;
  unsigned each_;
  std::uint32_t bucket_;
  std::uint64_t end_;
  std::size_t index_ = 0;
  float current_[2] = {0, 0};
};

inline IndexReader index_reader(const BlockView& view) {
  return {view.stream, 0, view.header.index_codec, view.index_parameter, view.header.span, view.unit.size};
}

template <class Visit>
void for_each_entry(const BlockView& view, Visit visit) {
  const BlockHeader& header = view.header;
  IndexReader indices = index_reader(view);
  SymbolReader symbols(view.stream, view.values_at, view.coding);
  if (scales_each(view.coding.codec) == 0 && view.coding.codec < ValueCodec::sign) {
    for (std::uint32_t i = 0; i < header.count; ++i) {
      auto at = header.first + static_cast<std::uint32_t>(indices.next());
      visit(at, from_bits(static_cast<std::uint32_t>(symbols.next()), view.coding.codec));
    }
    return;
  }
  ScaleCursor scales(view);
  for (std::uint32_t i = 0; i < header.count; ++i) {
    auto at = header.first + static_cast<std::uint32_t>(indices.next());
    visit(at, value_of(symbols.next(), view.coding, scales.at(at)));
  }
}

}  // namespace telegrad::codecs
