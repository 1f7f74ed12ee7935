#include "training/state_dict.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>
#include <caffe2/serialize/inline_container.h>

#include <cmath>
#include <fstream>
#include <map>
#include <optional>
#include <string_view>

#include "sim/core/errors.h"
#include "training/first_line.h"
#include "training/learning/gradient.h"
#include "training/state_pickle.h"

namespace telegrad::training {
namespace {

using Archive = caffe2::serialize::PyTorchStreamReader;

[[noreturn]] void refuse(const std::filesystem::path& path, const std::string& reason) {
  throw RunError(Failure::bad_data, "initial weights '" + path.string() + "': " + reason);
}

std::optional<at::ScalarType> scalar_type(const std::string& storage) {
  if (storage == "FloatStorage") return at::kFloat;
  if (storage == "DoubleStorage") return at::kDouble;
  if (storage == "HalfStorage") return at::kHalf;
  if (storage == "BFloat16Storage") return at::kBFloat16;
  return {};
}

std::string text_of(const std::vector<std::int64_t>& shape) {
  std::string text = "[";
  for (std::int64_t length : shape) text += (text.size() > 1 ? ", " : "") + std::to_string(length);
  return text + "]";
}

bool passed_over(const std::string& name) {
  const std::string counter = "num_batches_tracked";
  return name.size() >= counter.size() && name.ends_with(counter);
}

/// The entries of a stored tensor in C order. Every place that it names lies within its record, or reason is thrown.
at::Tensor entries(Archive& archive, const StoredTensor& stored) {
  const auto type = scalar_type(stored.storage_type);
  if (!type) throw std::runtime_error("tensor '" + stored.name + "' is of type " + stored.storage_type);
  if (stored.strides.size() != stored.shape.size() || stored.offset < 0) {
    throw std::runtime_error("tensor '" + stored.name + "' is damaged");
  }
  auto [data, size] = archive.getRecord("data/" + stored.record);
  const auto available = static_cast<std::int64_t>(size / at::elementSize(*type));
  __int128 last = stored.offset;
  bool empty = false;
  for (std::size_t i = 0; i < stored.shape.size(); ++i) {
    if (stored.shape[i] < 0 || stored.strides[i] < 0)
      throw std::runtime_error("tensor '" + stored.name + "' is damaged");
    empty = empty || stored.shape[i] == 0;
    last += static_cast<__int128>(stored.shape[i] - 1) * stored.strides[i];
  }
  if (!empty && last >= available) throw std::runtime_error("tensor '" + stored.name + "' is cut off");
  if (empty) return at::empty(stored.shape, at::kFloat);
  char* first =
      static_cast<char*>(data.get()) + stored.offset * static_cast<std::int64_t>(at::elementSize(*type));
  return at::from_blob(first, stored.shape, stored.strides, at::TensorOptions(*type))
      .to(at::kFloat)
      .contiguous()
      .clone();
}

/// Fills one flat vector by name; what was used leaves `stored`.
at::Tensor gathered(Archive& archive, std::map<std::string, StoredTensor>& stored, const Layout& layout) {
  if (layout.size() == 0) return {};
  at::Tensor flat = at::empty({layout.size()}, at::kFloat);
  for (const TensorPlace& place : layout.tensors()) {
    const auto found = stored.find(place.name);
    if (found == stored.end()) {
      throw std::runtime_error("lacks the model's tensor '" + place.name + "' " + text_of(place.shape) +
                               "; save it by torch.save(model.state_dict(), FILE)");
    }
    if (found->second.shape != place.shape) {
      throw std::runtime_error("tensor '" + place.name + "' has the shape " + text_of(found->second.shape) +
                               ", the model's has " + text_of(place.shape));
    }
    at::Tensor values = entries(archive, found->second);
    if (place.size > 0 && !values.isfinite().all().item<bool>()) {
      throw std::runtime_error("tensor '" + place.name + "' is not finite");
    }
    flat.narrow(0, place.offset, place.size).copy_(values.view({-1}));
    stored.erase(found);
  }
  return flat;
}

void add(std::vector<StoredTensor>& tensors, const Layout& layout) {
  for (const TensorPlace& place : layout.tensors()) {
    tensors.push_back({.name = place.name,
                       .storage_type = "FloatStorage",
                       .record = std::to_string(tensors.size()),
                       .shape = place.shape,
                       .strides = {}});
  }
}

}  // namespace

bool is_state_dict(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  char begin[4] = {};
  file.read(begin, 4);
  return file && std::string_view(begin, 4) == std::string_view("PK\x03\x04", 4);
}

void write_state_dict(const std::filesystem::path& path, const Model& model, const ModelState& state) {
  std::vector<StoredTensor> tensors;
  add(tensors, model.layout());
  add(tensors, model.buffers());
  std::vector<at::Tensor> values = tensors_of(model.layout(), state.parameters);
  for (at::Tensor& buffer : tensors_of(model.buffers(), state.buffers)) values.push_back(buffer);
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  auto fail = [&path](const std::string& why) {
    throw RunError(Failure::storage, "the model cannot be written to '" + path.string() + "'" + why);
  };
  if (!file) fail("; does its folder exist?");
  try {
    caffe2::serialize::PyTorchStreamWriter writer([&file](const void* data, std::size_t size) {
      file.write(static_cast<const char*>(data), static_cast<std::streamsize>(size));
      return size;  // a failure is seen below; told here, the writer's destructor would end the program
    });
    const std::string pickle = write_state_pickle(tensors);
    writer.writeRecord("data.pkl", pickle.data(), pickle.size());
    const std::string order = "little";
    writer.writeRecord("byteorder", order.data(), order.size());
    for (std::size_t i = 0; i < tensors.size(); ++i) {
      writer.writeRecord("data/" + tensors[i].record, values[i].const_data_ptr<float>(), values[i].nbytes());
    }
    writer.writeEndOfFile();
  } catch (const c10::Error& error) {
    fail(": " + first_line(error));
  }
  file.close();
  if (!file) fail("");
}

ModelState read_state_dict(const std::filesystem::path& path, const Model& model) {
  try {
    Archive archive(path.string());
    if (archive.hasRecord("byteorder")) {
      auto [order, length] = archive.getRecord("byteorder");
      if (std::string_view(static_cast<const char*>(order.get()), length) != "little") {
        throw std::runtime_error("is not little-endian");
      }
    }
    auto [data, size] = archive.getRecord("data.pkl");
    std::map<std::string, StoredTensor> stored;
    for (StoredTensor& tensor : read_state_pickle({static_cast<const char*>(data.get()), size})) {
      if (passed_over(tensor.name)) continue;
      std::string name = tensor.name;
      stored.insert_or_assign(std::move(name), std::move(tensor));
    }
    ModelState state{gathered(archive, stored, model.layout()), gathered(archive, stored, model.buffers())};
    if (!stored.empty()) {
      throw std::runtime_error("holds a tensor '" + stored.begin()->first + "' that the model does not have");
    }
    return state;
  } catch (const c10::Error& error) {
    refuse(path, "is no archive that torch.save has written: " + first_line(error));
  } catch (const std::runtime_error& error) {
    refuse(path, error.what());
  } catch (const std::exception& error) {  // of the numbers that an archive states
    refuse(path, std::string("is damaged (") + error.what() +
                     "); save it again by torch.save(model.state_dict(), FILE)");
  }
}

}  // namespace telegrad::training
