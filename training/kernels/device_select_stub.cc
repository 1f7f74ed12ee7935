// Stands in for device_select.cu in builds without nvcc.

#include "training/kernels/device.h"

namespace telegrad::training::kernels::device {

Selector::Selector(std::size_t entries) : entries_(entries), memory_(0) {}  // which ends the program
bool Selector::select_largest(const float*, std::size_t, std::size_t, std::uint32_t*, Queue) { return false; }
bool Selector::add_and_select(float*, const float*, std::size_t, std::size_t, std::uint32_t*, Queue) {
  return false;
}

}  // namespace telegrad::training::kernels::device
