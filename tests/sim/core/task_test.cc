#include "sim/core/task.h"

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>

namespace telegrad {
namespace {

Task<int> number(int value) { co_return value; }

Task<int> sum(int count) {
  std::uint32_t total = 0;  // wraps round for large counts
  for (int i = 0; i < count; ++i) {
    int next = co_await number(i);
    total += static_cast<std::uint32_t>(next);
  }
  co_return static_cast<int>(total);
}

Task<> store(Task<int> task, int& into) {
  auto value = co_await task;
  into = value;
}

TEST(Task, ReturnsWhatItsChildrenReturn) {
  int total = 0;
  Task<> root = store(sum(4), total);
  EXPECT_EQ(total, 0);  // lazy
  root.start();
  EXPECT_EQ(total, 6);
}

TEST(Task, AMillionChildrenThatFinishAtOnceNeedNoStack) {
  int total = 0;
  Task<> root = store(sum(1'000'000), total);
  root.start();
  EXPECT_TRUE(root.done());
}

Task<int> broken() {
  throw std::runtime_error("broken");
  co_return 0;
}

Task<std::string> caught() {
  try {
    co_await broken();
  } catch (const std::runtime_error& error) {
    co_return error.what();
  }
  co_return "nothing";
}

Task<> keep(std::string& into) {
  auto words = co_await caught();
  into = words;
}

TEST(Task, AnExceptionReachesWhoAwaits) {
  std::string words;
  Task<> root = keep(words);
  root.start();
  EXPECT_EQ(words, "broken");
}

Task<> forever(std::shared_ptr<int> held) {
  std::suspend_always never_again;
  co_await never_again;
  *held += 1;
}

Task<> outer(std::shared_ptr<int> held) { co_await forever(std::move(held)); }

TEST(Task, DestroyingItDestroysWhatItAwaits) {
  auto held = std::make_shared<int>(0);
  {
    Task<> root = outer(held);
    root.start();
    EXPECT_EQ(held.use_count(), 2);
  }
  EXPECT_EQ(held.use_count(), 1);
  EXPECT_EQ(*held, 0);
}

TEST(Task, OneThatNeverStartedFreesItsArguments) {
  auto held = std::make_shared<int>(0);
  { Task<> root = outer(held); }
  EXPECT_EQ(held.use_count(), 1);
}

}  // namespace
}  // namespace telegrad
