#pragma once

#include <cstdint>
#include <span>

#include "sim/codecs/bits.h"
#include "sim/codecs/values.h"

namespace telegrad::codecs {

/// The values of a payload in the order in which they are sent, in the form in which they travel.
class ValueSource {
 public:
  explicit ValueSource(ValueCoding coding) : coding_(coding) {}
  virtual ~ValueSource() = default;
  const ValueCoding& coding() const { return coding_; }
  /// Bits of values [from, from + count).
  virtual std::uint64_t bits(std::size_t, std::size_t count) const { return values_bits(coding_, count); }
  /// The same as the literature counts them, without what only tells two forms apart.
  virtual std::uint64_t information_bits(std::size_t from, std::size_t count) const {
    return bits(from, count);
  }
  virtual void write(BitWriter& writer, std::size_t from, std::size_t count) const = 0;

 private:
  ValueCoding coding_;
};

/// Floats, rounded as the codec rounds: fp32, fp16, bf16; natural for powers of two.
class FloatSource final : public ValueSource {
 public:
  FloatSource(ValueCodec codec, std::span<const float> values) : ValueSource(codec), values_(values) {}
  void write(BitWriter& writer, std::size_t from, std::size_t count) const override;

 private:
  std::span<const float> values_;
};

/// Symbols that were quantised before (value_of).
class SymbolSource final : public ValueSource {
 public:
  SymbolSource(ValueCoding coding, std::span<const std::int32_t> symbols)
      : ValueSource(coding), symbols_(symbols) {}
  std::uint64_t bits(std::size_t from, std::size_t count) const override;
  void write(BitWriter& writer, std::size_t from, std::size_t count) const override;

 private:
  std::span<const std::int32_t> symbols_;
};

/// Floats of which most are plus or minus one magnitude (codec `common`): kPlusScale, kMinusScale, or a float's bits.
class CommonSource final : public ValueSource {
 public:
  explicit CommonSource(std::span<const std::uint32_t> symbols)
      : ValueSource(ValueCodec::common), symbols_(symbols) {}
  std::uint64_t bits(std::size_t from, std::size_t count) const override {
    return information_bits(from, count) + count;
  }
  std::uint64_t information_bits(std::size_t from, std::size_t count) const override;
  void write(BitWriter& writer, std::size_t from, std::size_t count) const override;

 private:
  std::span<const std::uint32_t> symbols_;
};

/// Entries whose indices say all (codec `none`).
class NoValues final : public ValueSource {
 public:
  NoValues() : ValueSource(ValueCodec::none) {}
  void write(BitWriter&, std::size_t, std::size_t) const override {}
};

/// Reads the symbols of a block one by one.
class SymbolReader final {
 public:
  SymbolReader(std::span<const std::byte> body, std::uint64_t from_bit, const ValueCoding& coding);

  std::int32_t next();
  std::uint64_t position() const { return reader_.position(); }
  /// Some bits so far were past the end, or no symbol of the codec.
  bool broken() const { return reader_.exhausted() || broken_; }

 private:
  std::int32_t next_of_five();
  std::int32_t next_elias();

  BitReader reader_;
  ValueCoding coding_;
  unsigned bits_;
  std::int32_t offset_;  // of levels of fixed width
  std::uint32_t five_ = 0;
  unsigned left_of_five_ = 0;
  bool broken_ = false;
};

}  // namespace telegrad::codecs
