#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>

namespace telegrad::training {

/// Results that several workers need alike: computed by the first that asks, by any thread; the others wait for
/// it. Keeps the last few.
template <class T>
class SharedResults final {
 public:
  /// The result named by `key`. Equal keys must stand for equal results.
  std::shared_ptr<const T> get(std::uint64_t key, const std::function<T()>& compute) {
    std::shared_ptr<Cell> cell = cell_of(key);
    std::lock_guard lock(cell->mutex);
    if (cell->result == nullptr) cell->result = std::make_shared<const T>(compute());
    return cell->result;
  }

 private:
  static constexpr std::size_t kKept = 2;  // workers of a synchronous round are at most one round apart

  struct Cell {
    std::uint64_t key = 0;
    std::mutex mutex;
    std::shared_ptr<const T> result;
  };

  std::shared_ptr<Cell> cell_of(std::uint64_t key) {
    std::lock_guard lock(mutex_);
    for (auto& cell : cells_) {
      if (cell->key == key) return cell;
    }
    if (cells_.size() == kKept) cells_.pop_front();
    cells_.push_back(std::make_shared<Cell>());
    cells_.back()->key = key;
    return cells_.back();
  }

  std::mutex mutex_;
  std::deque<std::shared_ptr<Cell>> cells_;
};

/// Combines identities into a new one (SplitMix64's finaliser over both).
constexpr std::uint64_t combine(std::uint64_t a, std::uint64_t b) {
  std::uint64_t x = a * 0x9e3779b97f4a7c15 + b + 0x632be59bd9b4e019;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

}  // namespace telegrad::training
