#include "training/state_pickle.h"

#include <cstring>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <stdexcept>
#include <utility>

namespace telegrad::training {
namespace {

constexpr std::size_t kMostItems = 1'000'000;
constexpr const char* kPlain = "save it by torch.save(model.state_dict(), FILE)";

[[noreturn]] void refuse(const std::string& reason) { throw std::runtime_error(reason); }

struct Item;
using ItemPointer = std::shared_ptr<Item>;

/// What lies on the stack.
struct Item {
  enum class Kind { nothing, number, text, sequence, dictionary, global, storage, tensor, mark };
  Kind kind = Kind::nothing;
  std::int64_t number = 0;
  std::string text;                // also of a global: "collections OrderedDict"
  std::vector<ItemPointer> items;  // of a sequence; keys and values in turn of a dictionary
  StoredTensor tensor;
};

ItemPointer made(Item::Kind kind) {
  auto item = std::make_shared<Item>();
  item->kind = kind;
  return item;
}

class Machine {
 public:
  explicit Machine(std::string_view program) : rest_(program) {}
  Machine(const Machine&) = delete;
  Machine& operator=(const Machine&) = delete;
  /// One by one: nested ones would take each other along, deeper than the stack is.
  ~Machine() {
    for (const ItemPointer& item : all_) item->items.clear();
  }

  ItemPointer run() {
    for (;;) {
      const auto code = static_cast<unsigned char>(take(1)[0]);
      if (code == '.') return pop();
      step(code);
    }
  }

 private:
  std::string_view take(std::size_t count) {
    if (rest_.size() < count) refuse("its pickle ends too early");
    std::string_view part = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return part;
  }
  std::string_view line() {
    const std::size_t end = rest_.find('\n');
    if (end == std::string_view::npos) refuse("its pickle ends too early");
    std::string_view part = take(end);
    take(1);
    return part;
  }
  /// Little-endian, of so many bytes.
  std::uint64_t bytes(std::size_t count) {
    std::uint64_t value = 0;
    std::memcpy(&value, take(count).data(), count);
    return value;
  }

  void push(ItemPointer item) {
    if (all_.size() == kMostItems) refuse("its pickle holds too many objects");
    all_.push_back(item);
    stack_.push_back(std::move(item));
  }
  void push_number(std::int64_t value) {
    auto item = made(Item::Kind::number);
    item->number = value;
    push(std::move(item));
  }
  void push_text(Item::Kind kind, std::string text) {
    auto item = made(kind);
    item->text = std::move(text);
    push(std::move(item));
  }
  ItemPointer pop() {
    if (stack_.empty()) refuse("its pickle takes what it never put down");
    ItemPointer item = std::move(stack_.back());
    stack_.pop_back();
    return item;
  }
  ItemPointer top() {
    if (stack_.empty()) refuse("its pickle takes what it never put down");
    return stack_.back();
  }
  std::vector<ItemPointer> pop_to_mark() {
    std::vector<ItemPointer> items;
    for (ItemPointer item = pop(); item->kind != Item::Kind::mark; item = pop()) items.push_back(item);
    return {items.rbegin(), items.rend()};
  }
  void push_tuple(std::vector<ItemPointer> items) {
    auto tuple = made(Item::Kind::sequence);
    tuple->items = std::move(items);
    push(std::move(tuple));
  }
  void push_tuple_of(std::size_t count) {
    std::vector<ItemPointer> items(count);
    for (std::size_t i = count; i > 0; --i) items[i - 1] = pop();
    push_tuple(std::move(items));
  }
  void extend(Item::Kind kind, const std::vector<ItemPointer>& items) {
    const ItemPointer into = top();
    if (into->kind != kind) refuse("its pickle fills what is no container");
    into->items.insert(into->items.end(), items.begin(), items.end());
  }
  void recall(std::uint64_t place) {
    const auto found = memo_.find(place);
    if (found == memo_.end()) refuse("its pickle recalls what it never kept");
    push(found->second);
  }

  void step(unsigned char code);
  void build_storage();
  void call();

  std::string_view rest_;
  std::vector<ItemPointer> all_;
  std::vector<ItemPointer> stack_;
  std::map<std::uint64_t, ItemPointer> memo_;
};

std::vector<std::int64_t> numbers(const Item& tuple) {
  std::vector<std::int64_t> result;
  for (const ItemPointer& item : tuple.items) {
    if (item->kind != Item::Kind::number) refuse("a shape in its pickle is no list of numbers");
    result.push_back(item->number);
  }
  return result;
}

/// ('storage', type, record, device, entries)
void Machine::build_storage() {
  const ItemPointer tuple = pop();
  auto& items = tuple->items;
  const bool known = items.size() >= 3 && items[0]->text == "storage" &&
                     items[1]->kind == Item::Kind::global && items[2]->kind == Item::Kind::text;
  if (!known) refuse("its pickle refers to something else than storages");
  auto storage = made(Item::Kind::storage);
  storage->tensor.storage_type = items[1]->text.substr(items[1]->text.find(' ') + 1);
  storage->tensor.record = items[2]->text;
  push(std::move(storage));
}

void Machine::call() {
  const ItemPointer arguments = pop();
  const ItemPointer function = pop();
  const auto& given = arguments->items;
  if (function->text == "collections OrderedDict") {
    push(made(Item::Kind::dictionary));
  } else if (function->text == "torch._utils _rebuild_tensor_v2" && given.size() >= 4 &&
             given[0]->kind == Item::Kind::storage) {
    auto tensor = made(Item::Kind::tensor);
    tensor->tensor = given[0]->tensor;
    tensor->tensor.offset = given[1]->number;
    tensor->tensor.shape = numbers(*given[2]);
    tensor->tensor.strides = numbers(*given[3]);
    push(std::move(tensor));
  } else if (function->text == "torch._utils _rebuild_parameter" && !given.empty()) {
    push(given[0]);
  } else {
    refuse("it holds more than tensors ('" + function->text + "'): " + kPlain);
  }
}

void Machine::step(unsigned char code) {
  switch (code) {
    case 0x80: take(1); break;
    case 'c': {
      std::string name(line());
      name += ' ';
      name += line();
      return push_text(Item::Kind::global, std::move(name));
    }
    case 'X': return push_text(Item::Kind::text, std::string(take(bytes(4))));
    case 'J': return push_number(static_cast<std::int32_t>(static_cast<std::uint32_t>(bytes(4))));
    case 'K': return push_number(static_cast<std::int64_t>(bytes(1)));
    case 'M': return push_number(static_cast<std::int64_t>(bytes(2)));
    case 0x8a: {
      const std::uint64_t length = bytes(1);
      if (length > 8) refuse("its pickle holds a number beyond 64 bits");
      const std::uint64_t value = bytes(length);
      const std::uint64_t sign = length > 0 ? (value >> (8 * length - 1)) & 1 : 0;
      const std::uint64_t fill = sign != 0 && length < 8 ? ~std::uint64_t{0} << (8 * length) : 0;
      return push_number(static_cast<std::int64_t>(value | fill));
    }
    case 'G': take(8); return push(made(Item::Kind::nothing));
    case 0x88: return push_number(1);
    case 0x89: return push_number(0);
    case 'N': return push(made(Item::Kind::nothing));
    case '(': return push(made(Item::Kind::mark));
    case ')':
    case ']': return push(made(Item::Kind::sequence));
    case '}': return push(made(Item::Kind::dictionary));
    case 't': return push_tuple(pop_to_mark());
    case 0x85: return push_tuple_of(1);
    case 0x86: return push_tuple_of(2);
    case 0x87: return push_tuple_of(3);
    case 'a': {
      const ItemPointer item = pop();
      return extend(Item::Kind::sequence, {item});
    }
    case 'e': return extend(Item::Kind::sequence, pop_to_mark());
    case 's': {
      const ItemPointer value = pop();
      const ItemPointer key = pop();
      return extend(Item::Kind::dictionary, {key, value});
    }
    case 'u': return extend(Item::Kind::dictionary, pop_to_mark());
    case 'q': memo_[bytes(1)] = top(); break;
    case 'r': memo_[bytes(4)] = top(); break;
    case 'h': return recall(bytes(1));
    case 'j': return recall(bytes(4));
    case 'Q': return build_storage();
    case 'R': return call();
    case 'b': pop(); break;  // attributes: versions of the layers
    default: refuse("its pickle holds more than tensors (code " + std::to_string(code) + "): " + kPlain);
  }
}

class Writer {
 public:
  Writer& code(const char* codes, std::size_t count = 1) {
    text_.append(codes, count);
    return *this;
  }
  Writer& global(const char* module, const char* name) {
    text_ += std::string("c") + module + "\n" + name + "\n";
    return *this;
  }
  Writer& text(const std::string& value) {
    return code("X").raw(value.size()).code(value.data(), value.size());
  }
  Writer& number(std::int64_t value) {
    if (value > std::numeric_limits<std::int32_t>::max()) refuse("a tensor has more than 2^31 entries");
    return code("J").raw(static_cast<std::uint64_t>(value));
  }
  Writer& tuple(const std::vector<std::int64_t>& values) {
    code("(");
    for (std::int64_t value : values) number(value);
    return code("t");
  }
  std::string take() { return std::move(text_); }

 private:
  Writer& raw(std::uint64_t value) {
    const auto word = static_cast<std::uint32_t>(value);
    char bytes[4];
    std::memcpy(bytes, &word, 4);
    return code(bytes, 4);
  }
  std::string text_;
};

}  // namespace

std::vector<StoredTensor> read_state_pickle(std::string_view pickle) {
  Machine machine(pickle);
  const ItemPointer root = machine.run();
  if (root->kind != Item::Kind::dictionary || root->items.size() % 2 != 0) {
    refuse(std::string("it holds no dictionary of tensors: ") + kPlain);
  }
  std::vector<StoredTensor> result;
  for (std::size_t i = 0; i < root->items.size(); i += 2) {
    const Item& key = *root->items[i];
    const Item& value = *root->items[i + 1];
    if (key.kind != Item::Kind::text || value.kind != Item::Kind::tensor) {
      refuse("its entry '" + key.text + "' is no tensor: " + kPlain);
    }
    result.push_back(value.tensor);
    result.back().name = key.text;
  }
  return result;
}

std::string write_state_pickle(const std::vector<StoredTensor>& tensors) {
  Writer out;
  out.code("\x80\x02", 2).code("}").code("(");
  for (const StoredTensor& tensor : tensors) {
    std::int64_t size = 1;
    std::vector<std::int64_t> strides(tensor.shape.size());
    for (std::size_t i = tensor.shape.size(); i > 0; --i) {
      strides[i - 1] = size;
      size *= tensor.shape[i - 1];
    }
    out.text(tensor.name).global("torch._utils", "_rebuild_tensor_v2").code("(");
    out.code("(").text("storage").global("torch", tensor.storage_type.c_str()).text(tensor.record);
    out.text("cpu").number(size).code("t").code("Q");
    out.number(0).tuple(tensor.shape).tuple(strides).code("\x89");
    out.global("collections", "OrderedDict").code(")").code("R").code("t").code("R");
  }
  out.code("u").code(".");
  return out.take();
}

}  // namespace telegrad::training
