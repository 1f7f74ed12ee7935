#include "training/state_pickle.h"

#include <cstring>
#include <limits>
#include <stdexcept>
#include <utility>

#include "training/pickle_machine.h"

namespace telegrad::training {
namespace {

[[noreturn]] void refuse(const std::string& reason) { throw std::runtime_error(reason); }

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
  PickleMachine machine(pickle);
  const PickleItem& root = machine.run();
  if (root.kind != PickleItem::Kind::dictionary || root.items.size() % 2 != 0) {
    refuse(std::string("it holds no dictionary of tensors: ") + kSaveStateDict);
  }
  std::vector<StoredTensor> result;
  for (std::size_t i = 0; i < root.items.size(); i += 2) {
    const PickleItem& key = *root.items[i];
    const PickleItem& value = *root.items[i + 1];
    if (key.kind != PickleItem::Kind::text || value.kind != PickleItem::Kind::tensor) {
      refuse("its entry '" + key.text + "' is no tensor: " + kSaveStateDict);
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
