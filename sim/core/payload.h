#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace telegrad {

/// Bytes that travel or are lost as one and can be decoded alone. A slice of what `owner` keeps alive; in
/// replay and probes a size without data.
struct Block {
  Block() = default;
  Block(std::shared_ptr<const void> held_by, const std::byte* first, std::uint32_t length)
      : owner(std::move(held_by)), data(first), size(length) {}
  /// Takes the bytes over.
  static Block of(std::vector<std::byte> bytes);
  static Block sized(std::uint32_t size) { return Block(nullptr, nullptr, size); }

  std::span<const std::byte> bytes() const { return {data, data == nullptr ? 0 : size}; }

  std::shared_ptr<const void> owner;
  const std::byte* data = nullptr;
  std::uint32_t size = 0;
  bool lost = false;
};

/// An immutable list of blocks; copying shares it. What is lost stays in the list as a hole.
class Payload {
 public:
  Payload() = default;
  /// information_bits: the literature's size of the message, without headers and padding (0: same as bytes).
  explicit Payload(std::vector<Block> blocks, std::uint64_t information_bits = 0);
  static Payload sized(const std::vector<std::uint32_t>& sizes, std::uint64_t information_bits = 0);

  std::span<const Block> blocks() const;
  std::uint64_t bytes() const;  // of all blocks, lost ones too
  std::uint64_t information_bits() const;
  std::size_t holes() const;
  bool whole() const { return holes() == 0; }

  /// Blocks [from, to). Information bits are shared out by bytes.
  Payload slice(std::size_t from, std::size_t to) const;
  /// One behind the other; equal parts make equal identities.
  static Payload joined(std::span<const Payload> parts);
  /// The same payload with the marked blocks lost; no marks: itself.
  Payload without(const std::vector<bool>& lost) const;
  /// Only the marked blocks, as a payload of its own.
  Payload only(const std::vector<bool>& kept) const;

  /// The payload before it lost blocks: `rest` is those, in their order.
  Payload filled(const Payload& rest) const;

  /// Equal for payloads with the same blocks and the same holes (copies, deliveries); what replicas are shared
  /// by. 0 for the empty payload.
  std::uint64_t identity() const;

 private:
  struct Body;
  /// information_bits as they are, zero too; identity 0: a fresh one.
  static Payload made(std::vector<Block> blocks, std::uint64_t information_bits, std::uint64_t identity);
  std::shared_ptr<const Body> body_;
};

}  // namespace telegrad
