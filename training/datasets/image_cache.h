#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <unordered_map>

#include "training/images/image.h"

namespace telegrad::training {

/// Keeps decoded images while there is room; what came first stays, since each epoch asks for all of them in another
/// order, and then nothing is better. For any number of threads.
class ImageCache final {
 public:
  explicit ImageCache(std::size_t most_bytes) : most_bytes_(most_bytes) {}

  std::shared_ptr<const images::Image> get(std::size_t number, const std::function<images::Image()>& decode);
  std::size_t bytes() const;

 private:
  const std::size_t most_bytes_;
  mutable std::mutex mutex_;
  std::size_t bytes_ = 0;
  std::unordered_map<std::size_t, std::shared_ptr<const images::Image>> images_;
};

}  // namespace telegrad::training
