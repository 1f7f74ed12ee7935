#include "tests/fuzz/block_door.h"

#include "sim/codecs/block.h"

namespace telegrad {

void check_block_door(const std::uint8_t* bytes, std::size_t size) {
  static const std::vector<codecs::Unit> units{{0, 40, 7}, {40, 60, 0}, {100, 70000, 512}};
  static std::vector<float> into(70100);
  codecs::BlockView view;
  const std::span<const std::byte> block(reinterpret_cast<const std::byte*>(bytes), size);
  if (codecs::open_block(block, units, view) != codecs::DecodeError::none) return;
  std::uint64_t least = view.header.first;
  std::uint32_t entries = 0;
  codecs::for_each_entry(view, [&](std::uint32_t at, float) {
    expect(at >= least && at < std::uint64_t{view.header.first} + view.header.span,
           "entries that rise within the span");
    least = std::uint64_t{at} + 1;
    ++entries;
  });
  expect(entries == view.header.count, "as many entries as the header says");
  codecs::add_block(view, into, 1.0F);
}

}  // namespace telegrad
