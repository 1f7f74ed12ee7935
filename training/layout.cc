#include "training/layout.h"

#include "sim/core/errors.h"

namespace telegrad::training {

void Layout::add(std::string name, std::vector<std::int64_t> shape, const Initial& initial) {
  std::int64_t size = 1;
  for (std::int64_t length : shape) size *= length;
  expect(size >= 0, "lengths of a tensor");
  tensors_.push_back({std::move(name), std::move(shape), size_, size, initial});
  size_ += size;
}

const TensorPlace& Layout::at(std::int64_t coordinate) const {
  expect(coordinate >= 0 && coordinate < size_, "a coordinate of the model");
  std::size_t at = 0;
  while (coordinate >= tensors_[at].offset + tensors_[at].size) ++at;
  return tensors_[at];
}

std::vector<codecs::Unit> units(const Layout& layout, Granularity granularity) {
  if (granularity == Granularity::model) return codecs::whole(static_cast<std::uint32_t>(layout.size()));
  std::vector<codecs::Unit> result;
  for (const TensorPlace& place : layout.tensors()) {
    if (place.size == 0) continue;
    codecs::Unit unit{static_cast<std::uint32_t>(place.offset), static_cast<std::uint32_t>(place.size)};
    const bool rows = granularity == Granularity::output && place.shape.size() > 1;
    if (rows) unit.bucket = unit.size / static_cast<std::uint32_t>(place.shape.front());
    result.push_back(unit);
  }
  return result;
}

}  // namespace telegrad::training
