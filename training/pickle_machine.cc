#include "training/pickle_machine.h"

#include <cstring>
#include <stdexcept>
#include <utility>

namespace telegrad::training {
namespace {

constexpr std::size_t kMostItems = 1'000'000;

[[noreturn]] void refuse(const std::string& reason) { throw std::runtime_error(reason); }

std::shared_ptr<PickleItem> made(PickleItem::Kind kind) {
  auto item = std::make_shared<PickleItem>();
  item->kind = kind;
  return item;
}

std::vector<std::int64_t> numbers(const PickleItem& tuple) {
  std::vector<std::int64_t> result;
  for (const auto& item : tuple.items) {
    if (item->kind != PickleItem::Kind::number) refuse("a shape in its pickle is no list of numbers");
    result.push_back(item->number);
  }
  return result;
}

}  // namespace

PickleMachine::~PickleMachine() {
  for (const Item& item : all_) item->items.clear();
}

const PickleItem& PickleMachine::run() {
  for (;;) {
    const auto code = static_cast<unsigned char>(take(1)[0]);
    if (code == '.') return *pop();
    step(code);
  }
}

std::string_view PickleMachine::take(std::size_t count) {
  if (rest_.size() < count) refuse("its pickle ends too early");
  std::string_view part = rest_.substr(0, count);
  rest_.remove_prefix(count);
  return part;
}

std::string_view PickleMachine::line() {
  const std::size_t end = rest_.find('\n');
  if (end == std::string_view::npos) refuse("its pickle ends too early");
  std::string_view part = take(end);
  take(1);
  return part;
}

std::uint64_t PickleMachine::bytes(std::size_t count) {
  std::uint64_t value = 0;
  std::memcpy(&value, take(count).data(), count);
  return value;
}

void PickleMachine::push(Item item) {
  if (all_.size() == kMostItems) refuse("its pickle holds too many objects");
  all_.push_back(item);
  stack_.push_back(std::move(item));
}

void PickleMachine::push(Kind kind) { push(made(kind)); }

void PickleMachine::push_number(std::int64_t value) {
  auto item = made(Kind::number);
  item->number = value;
  push(std::move(item));
}

void PickleMachine::push_text(Kind kind, std::string text) {
  auto item = made(kind);
  item->text = std::move(text);
  push(std::move(item));
}

PickleMachine::Item PickleMachine::pop() {
  if (stack_.empty()) refuse("its pickle takes what it never put down");
  Item item = std::move(stack_.back());
  stack_.pop_back();
  return item;
}

PickleMachine::Item PickleMachine::top() {
  if (stack_.empty()) refuse("its pickle takes what it never put down");
  return stack_.back();
}

std::vector<PickleMachine::Item> PickleMachine::pop_to_mark() {
  std::vector<Item> items;
  for (Item item = pop(); item->kind != Kind::mark; item = pop()) items.push_back(item);
  return {items.rbegin(), items.rend()};
}

void PickleMachine::push_tuple(std::vector<Item> items) {
  auto tuple = made(Kind::sequence);
  tuple->items = std::move(items);
  push(std::move(tuple));
}

void PickleMachine::push_tuple_of(std::size_t count) {
  std::vector<Item> items(count);
  for (std::size_t i = count; i > 0; --i) items[i - 1] = pop();
  push_tuple(std::move(items));
}

void PickleMachine::extend(Kind kind, const std::vector<Item>& items) {
  const Item into = top();
  if (into->kind != kind) refuse("its pickle fills what is no container");
  into->items.insert(into->items.end(), items.begin(), items.end());
}

void PickleMachine::recall(std::uint64_t place) {
  const auto found = memo_.find(place);
  if (found == memo_.end()) refuse("its pickle recalls what it never kept");
  push(found->second);
}

/// Of up to 8 bytes, with a sign.
std::int64_t PickleMachine::long_number() {
  const std::uint64_t length = bytes(1);
  if (length > 8) refuse("its pickle holds a number beyond 64 bits");
  const std::uint64_t value = bytes(length);
  const std::uint64_t sign = length > 0 ? (value >> (8 * length - 1)) & 1 : 0;
  const std::uint64_t fill = sign != 0 && length < 8 ? ~std::uint64_t{0} << (8 * length) : 0;
  return static_cast<std::int64_t>(value | fill);
}

/// ('storage', type, record, device, entries)
void PickleMachine::build_storage() {
  const Item tuple = pop();
  auto& items = tuple->items;
  const bool known = items.size() >= 3 && items[0]->text == "storage" && items[1]->kind == Kind::global &&
                     items[2]->kind == Kind::text;
  if (!known) refuse("its pickle refers to something else than storages");
  auto storage = made(Kind::storage);
  storage->tensor.storage_type = items[1]->text.substr(items[1]->text.find(' ') + 1);
  storage->tensor.record = items[2]->text;
  push(std::move(storage));
}

void PickleMachine::call() {
  const Item arguments = pop();
  const Item function = pop();
  const auto& given = arguments->items;
  if (function->text == "collections OrderedDict") {
    push(Kind::dictionary);
  } else if (function->text == "torch._utils _rebuild_tensor_v2" && given.size() >= 4 &&
             given[0]->kind == Kind::storage) {
    auto tensor = made(Kind::tensor);
    tensor->tensor = given[0]->tensor;
    tensor->tensor.offset = given[1]->number;
    tensor->tensor.shape = numbers(*given[2]);
    tensor->tensor.strides = numbers(*given[3]);
    push(std::move(tensor));
  } else if (function->text == "torch._utils _rebuild_parameter" && !given.empty()) {
    push(given[0]);
  } else {
    refuse("it holds more than tensors ('" + function->text + "'): " + kSaveStateDict);
  }
}

void PickleMachine::step(unsigned char code) {
  switch (code) {
    case 0x80: take(1); break;
    case 'c': {
      std::string name(line());
      name += ' ';
      name += line();
      return push_text(Kind::global, std::move(name));
    }
    case 'X': return push_text(Kind::text, std::string(take(bytes(4))));
    case 'J': return push_number(static_cast<std::int32_t>(static_cast<std::uint32_t>(bytes(4))));
    case 'K': return push_number(static_cast<std::int64_t>(bytes(1)));
    case 'M': return push_number(static_cast<std::int64_t>(bytes(2)));
    case 0x8a: return push_number(long_number());
    case 'G': take(8); return push(Kind::nothing);
    case 0x88: return push_number(1);
    case 0x89: return push_number(0);
    case 'N': return push(Kind::nothing);
    case '(': return push(Kind::mark);
    case ')':
    case ']': return push(Kind::sequence);
    case '}': return push(Kind::dictionary);
    case 't': return push_tuple(pop_to_mark());
    case 0x85: return push_tuple_of(1);
    case 0x86: return push_tuple_of(2);
    case 0x87: return push_tuple_of(3);
    case 'a': {
      const Item item = pop();
      return extend(Kind::sequence, {item});
    }
    case 'e': return extend(Kind::sequence, pop_to_mark());
    case 's': {
      const Item value = pop();
      const Item key = pop();
      return extend(Kind::dictionary, {key, value});
    }
    case 'u': return extend(Kind::dictionary, pop_to_mark());
    case 'q': memo_[bytes(1)] = top(); break;
    case 'r': memo_[bytes(4)] = top(); break;
    case 'h': return recall(bytes(1));
    case 'j': return recall(bytes(4));
    case 'Q': return build_storage();
    case 'R': return call();
    case 'b': pop(); break;  // attributes: versions of the layers
    default:
      refuse("its pickle holds more than tensors (code " + std::to_string(code) + "): " + kSaveStateDict);
  }
}

}  // namespace telegrad::training
