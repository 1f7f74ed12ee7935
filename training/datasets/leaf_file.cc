#include "training/datasets/leaf_file.h"

#include <algorithm>
#include <cmath>

#include "training/datasets/file_bytes.h"
#include "training/datasets/json_reader.h"

namespace telegrad::training {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMostBytes = std::uint64_t{16} << 30;

class LeafFile final {
 public:
  LeafFile(JsonReader& reader, LeafData& data) : reader_(reader), data_(data) {}

  void read() {
    bool first = true;
    bool found = false;
    reader_.take('{');
    while (reader_.more('}', first)) {
      const bool wanted = reader_.text() == "user_data";
      reader_.take(':');
      if (wanted) {
        read_users();
      } else {
        reader_.skip();
      }
      found = found || wanted;
    }
    reader_.end();
    if (!found) reader_.fail("it has no 'user_data', as LEAF's files have");
  }

 private:
  void read_users() {
    bool first = true;
    reader_.take('{');
    while (reader_.more('}', first)) {
      const std::string name = reader_.text();
      const auto number = static_cast<std::uint32_t>(data_.names.size());
      const auto [user, is_new] = data_.numbers.emplace(name, number);
      if (is_new) data_.names.push_back(name);
      reader_.take(':');
      read_user(user->second);
    }
  }

  void read_user(std::uint32_t user) {
    bool first = true;
    std::size_t inputs = 0;
    std::size_t labels = 0;
    std::vector<std::string> texts;
    std::vector<std::string> characters;
    reader_.take('{');
    while (reader_.more('}', first)) {
      const std::string key = reader_.text();
      reader_.take(':');
      if (key == "x") {
        inputs += read_inputs(texts);
      } else if (key == "y") {
        labels += read_labels(characters);
      } else {
        reader_.skip();
      }
    }
    if (inputs != labels || texts.size() != characters.size()) {
      reader_.fail("user '" + data_.names[user] + "' has " + grouped(inputs) + " x and " + grouped(labels) +
                   " y");
    }
    for (std::size_t i = 0; i < texts.size(); ++i) add_text(texts[i] + characters[i]);
    data_.users.insert(data_.users.end(), inputs, user);
  }

  std::size_t read_inputs(std::vector<std::string>& texts) {
    bool first = true;
    std::size_t count = 0;
    reader_.take('[');
    for (; reader_.more(']', first); ++count) {
      if (reader_.peek() == '"') {
        texts.push_back(reader_.text());
      } else {
        read_row();
      }
    }
    return count;
  }

  void read_row() {
    bool first = true;
    const std::size_t before = data_.rows.size();
    reader_.take('[');
    while (reader_.more(']', first)) {
      data_.rows.push_back(static_cast<float>(reader_.number()));
      if (!std::isfinite(data_.rows.back())) reader_.fail("an x beyond what float32 can hold, 3.4e38");
    }
    const std::size_t features = data_.rows.size() - before;
    if (before == 0) data_.features = features;
    if (features == 0 || features != data_.features) {
      reader_.fail("an x of " + grouped(features) + " numbers, expected " + grouped(data_.features));
    }
  }

  std::size_t read_labels(std::vector<std::string>& characters) {
    bool first = true;
    std::size_t count = 0;
    reader_.take('[');
    for (; reader_.more(']', first); ++count) {
      if (reader_.peek() == '"') {
        characters.push_back(reader_.text());
        if (characters.back().size() != 1) {
          reader_.fail("a y of " + grouped(characters.back().size()) +
                       " bytes, expected 1: a character is a byte");
        }
      } else {
        data_.labels.push_back(reader_.number());
      }
    }
    return count;
  }

  void add_text(std::string text) {
    if (text.size() < 2 || (!data_.texts.empty() && text.size() != data_.texts.front().size())) {
      reader_.fail("an x of " + grouped(text.size() - 1) + " bytes, where others have another length");
    }
    data_.texts.push_back(std::move(text));
  }

  JsonReader& reader_;
  LeafData& data_;
};

}  // namespace

LeafData read_leaf(const fs::path& folder) {
  const std::string remedy =
      "expected folders 'train' and 'test' of LEAF's .json files, as its preprocess.sh makes them";
  std::vector<fs::path> paths;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (entry.path().extension() == ".json") paths.push_back(entry.path());
  }
  if (paths.empty()) refuse(folder, "has no .json files", remedy);
  std::sort(paths.begin(), paths.end());
  LeafData data;
  for (const fs::path& path : paths) {
    const auto bytes = bytes_of(path, kMostBytes, remedy);
    JsonReader reader(path, bytes);
    LeafFile(reader, data).read();
    const bool mixed = (!data.texts.empty() && !data.rows.empty()) ||
                       data.labels.size() + data.texts.size() != data.samples();
    if (mixed) refuse(path, "mixes texts with numbers", remedy);
  }
  if (data.samples() == 0) refuse(folder, "holds no samples", remedy);
  return data;
}

}  // namespace telegrad::training
