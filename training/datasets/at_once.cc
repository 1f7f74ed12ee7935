#include "training/datasets/at_once.h"

#include <algorithm>
#include <thread>
#include <vector>

#include "sim/core/pool.h"

namespace telegrad::training {

void at_once(std::size_t count, const std::function<void(std::size_t)>& work) {
  Pool pool(std::max(1U, std::thread::hardware_concurrency()));
  std::vector<Pool::Handle> jobs;
  for (std::size_t i = 0; i < count; ++i) jobs.push_back(pool.submit([&work, i] { work(i); }));
  for (const Pool::Handle& job : jobs) pool.join(job);
}

}  // namespace telegrad::training
