#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "training/state_pickle.h"

namespace telegrad::training {

/// What lies on a pickle machine's stack.
struct PickleItem {
  enum class Kind { nothing, number, text, sequence, dictionary, global, storage, tensor, mark };
  Kind kind = Kind::nothing;
  std::int64_t number = 0;
  std::string text;                                // also of a global: "collections OrderedDict"
  std::vector<std::shared_ptr<PickleItem>> items;  // of a sequence; keys and values in turn of a dictionary
  StoredTensor tensor;
};

/// What to do instead of all that is refused.
inline constexpr const char* kSaveStateDict = "save it by torch.save(model.state_dict(), FILE)";

/// Carries out a pickle (Python's pickletools; protocol 2) as far as it builds dictionaries, sequences, numbers, texts
/// and tensors. Nothing is called, whatever the file says. Throws std::runtime_error with the reason.
class PickleMachine {
 public:
  explicit PickleMachine(std::string_view program) : rest_(program) {}
  PickleMachine(const PickleMachine&) = delete;
  PickleMachine& operator=(const PickleMachine&) = delete;
  /// One by one: nested ones would take each other along, deeper than the stack is.
  ~PickleMachine();

  /// What the program leaves on top of its stack; lives as long as the machine.
  const PickleItem& run();

 private:
  using Item = std::shared_ptr<PickleItem>;
  using Kind = PickleItem::Kind;

  std::string_view take(std::size_t count);
  std::string_view line();
  /// Little-endian, of so many bytes.
  std::uint64_t bytes(std::size_t count);

  void push(Item item);
  void push(Kind kind);
  void push_number(std::int64_t value);
  void push_text(Kind kind, std::string text);
  void push_tuple(std::vector<Item> items);
  void push_tuple_of(std::size_t count);
  Item pop();
  Item top();
  std::vector<Item> pop_to_mark();
  void extend(Kind kind, const std::vector<Item>& items);
  void recall(std::uint64_t place);

  void step(unsigned char code);
  std::int64_t long_number();
  void build_storage();
  void call();

  std::string_view rest_;
  std::vector<Item> all_;
  std::vector<Item> stack_;
  std::map<std::uint64_t, Item> memo_;
};

}  // namespace telegrad::training
