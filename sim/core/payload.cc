#include "sim/core/payload.h"

#include <atomic>

#include "sim/core/errors.h"

namespace telegrad {

struct Payload::Body {
  std::vector<Block> blocks;
  std::uint64_t bytes = 0;
  std::uint64_t information_bits = 0;
  std::size_t holes = 0;
  std::uint64_t identity = 0;
  std::uint64_t before_loss = 0;  // identity of the payload that it is without some blocks; 0: it is whole
};

namespace {

std::uint64_t fresh_identity() {
  static std::atomic<std::uint64_t> next{1};
  return next.fetch_add(1, std::memory_order_relaxed);
}

/// SplitMix64's finaliser: identities of payloads with holes are hashes of (parent, holes).
std::uint64_t mix(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

}  // namespace

Block Block::of(std::vector<std::byte> bytes) {
  auto owner = std::make_shared<const std::vector<std::byte>>(std::move(bytes));
  expect(owner->size() <= ~std::uint32_t{0}, "a block below 4 GiB");
  return Block(owner, owner->data(), static_cast<std::uint32_t>(owner->size()));
}

Payload Payload::made(std::vector<Block> blocks, std::uint64_t information_bits, std::uint64_t identity) {
  auto body = std::make_shared<Body>();
  body->blocks = std::move(blocks);
  for (const Block& block : body->blocks) {
    body->bytes += block.size;
    body->holes += block.lost ? 1 : 0;
  }
  body->information_bits = information_bits;
  body->identity = identity == 0 ? fresh_identity() : identity;
  Payload payload;
  payload.body_ = std::move(body);
  return payload;
}

Payload::Payload(std::vector<Block> blocks, std::uint64_t information_bits) {
  std::uint64_t bytes = 0;
  for (const Block& block : blocks) bytes += block.size;
  *this = made(std::move(blocks), information_bits == 0 ? 8 * bytes : information_bits, 0);
}

Payload Payload::sized(const std::vector<std::uint32_t>& sizes, std::uint64_t information_bits) {
  std::vector<Block> blocks;
  blocks.reserve(sizes.size());
  for (std::uint32_t size : sizes) blocks.push_back(Block::sized(size));
  return Payload(std::move(blocks), information_bits);
}

std::span<const Block> Payload::blocks() const {
  return body_ ? std::span<const Block>(body_->blocks) : std::span<const Block>();
}

std::uint64_t Payload::bytes() const { return body_ ? body_->bytes : 0; }
std::uint64_t Payload::information_bits() const { return body_ ? body_->information_bits : 0; }
std::size_t Payload::holes() const { return body_ ? body_->holes : 0; }
std::uint64_t Payload::identity() const { return body_ ? body_->identity : 0; }

Payload Payload::slice(std::size_t from, std::size_t to) const {
  auto all = blocks();
  expect(from <= to && to <= all.size(), "a slice within the payload");
  std::vector<Block> chosen(all.begin() + static_cast<std::ptrdiff_t>(from),
                            all.begin() + static_cast<std::ptrdiff_t>(to));
  std::uint64_t before = 0;
  for (const Block& block : all.first(from)) before += block.size;
  std::uint64_t within = 0;
  for (const Block& block : chosen) within += block.size;
  auto share = [this](std::uint64_t part) {  // rounded down, so that the slices of a payload add up to it
    return bytes() == 0
               ? 0
               : static_cast<std::uint64_t>(static_cast<double>(part) / static_cast<double>(bytes()) *
                                            static_cast<double>(information_bits()));
  };
  return made(std::move(chosen), share(before + within) - share(before), 0);
}

Payload Payload::joined(std::span<const Payload> parts) {
  std::vector<Block> blocks;
  std::uint64_t information_bits = 0;
  std::uint64_t identity = mix(parts.size());
  for (const Payload& part : parts) {
    blocks.insert(blocks.end(), part.blocks().begin(), part.blocks().end());
    information_bits += part.information_bits();
    identity = mix(identity ^ part.identity());
  }
  if (blocks.empty()) return {};
  return made(std::move(blocks), information_bits, identity);
}

Payload Payload::without(const std::vector<bool>& lost) const {
  bool any = false;
  for (bool mark : lost) any = any || mark;
  if (!any) return *this;
  expect(lost.size() == blocks().size(), "one mark for each block");
  Payload result(std::vector<Block>(blocks().begin(), blocks().end()), information_bits());
  auto body = std::make_shared<Body>(*result.body_);
  std::uint64_t hash = mix(identity());
  body->holes = 0;
  for (std::size_t i = 0; i < lost.size(); ++i) {
    Block& block = body->blocks[i];
    if (lost[i]) block = Block::sized(block.size), block.lost = true;
    if (block.lost) ++body->holes, hash = mix(hash ^ (i + 1));
  }
  body->identity = hash;
  body->before_loss = body_->before_loss == 0 ? identity() : body_->before_loss;
  result.body_ = std::move(body);
  return result;
}

Payload Payload::filled(const Payload& rest) const {
  expect(rest.blocks().size() == holes() && rest.whole(), "a block for each hole");
  if (whole()) return *this;
  std::vector<Block> blocks(this->blocks().begin(), this->blocks().end());
  auto next = rest.blocks().begin();
  for (Block& block : blocks) {
    if (!block.lost) continue;
    expect(next->size == block.size, "the block that was lost");
    block = *next++;
  }
  return made(std::move(blocks), information_bits(), body_->before_loss);
}

Payload Payload::only(const std::vector<bool>& kept) const {
  expect(kept.size() == blocks().size(), "one mark for each block");
  std::vector<Block> chosen;
  for (std::size_t i = 0; i < kept.size(); ++i) {
    if (kept[i]) chosen.push_back(blocks()[i]);
  }
  return chosen.empty() ? Payload() : Payload(std::move(chosen));
}

}  // namespace telegrad
