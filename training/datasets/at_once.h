#pragma once

#include <cstddef>
#include <functional>

namespace telegrad::training {

/// Calls work(0) to work(count - 1), several at once on all threads of this machine. Of several failures that of the lowest
/// number is thrown; what had not begun by then is left out.
void at_once(std::size_t count, const std::function<void(std::size_t)>& work);

}  // namespace telegrad::training
