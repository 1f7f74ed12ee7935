#include "training/datasets/image_cache.h"

namespace telegrad::training {

std::shared_ptr<const images::Image> ImageCache::get(std::size_t number,
                                                     const std::function<images::Image()>& decode) {
  {
    const std::lock_guard lock(mutex_);
    const auto known = images_.find(number);
    if (known != images_.end()) return known->second;
  }
  auto image = std::make_shared<const images::Image>(decode());
  const std::lock_guard lock(mutex_);
  if (bytes_ + image->pixels.size() <= most_bytes_ && images_.emplace(number, image).second) {
    bytes_ += image->pixels.size();
  }
  return image;
}

std::size_t ImageCache::bytes() const {
  const std::lock_guard lock(mutex_);
  return bytes_;
}

}  // namespace telegrad::training
