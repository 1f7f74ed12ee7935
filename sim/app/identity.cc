#include "sim/app/identity.h"

#include <filesystem>

#include "sim/app/plugin.h"
#include "sim/sweep/key.h"

namespace telegrad::app {
namespace {

/// The executable and what was built with it.
Value files_of_the_program() {
  std::error_code error;
  auto self = std::filesystem::read_symlink("/proc/self/exe", error);
  Value::Object files{{"telegrad", sweep::key_of_file(self)}};
  for (const char* name : {"libtelegrad_core.so", "libtelegrad_training.so"}) {
    files.push_back({name, sweep::key_of_file(self.parent_path() / name)});
  }
  return files;
}

}  // namespace

Value versions(const std::string& torch_version) {
  return Value::Object{{"telegrad", TELEGRAD_VERSION},
                       {"ns3", "3.44"},
                       {"torch", torch_version},
                       {"compiler", "g++ " __VERSION__}};
}

const Value& program_identity() {
  static const Value identity = [] {
    Value made = versions(training_plugin().torch_version());
    made.set("files", files_of_the_program());
    return made;
  }();
  return identity;
}

Value data_identity(const Value& training) {
  Value::Array files;
  for (const std::filesystem::path& file : training_plugin().data_files(training)) {
    std::error_code gone;
    auto date = std::filesystem::last_write_time(file, gone).time_since_epoch();
    files.push_back(Value::Object{
        {"file", file.string()},
        {"bytes", static_cast<std::int64_t>(std::filesystem::file_size(file, gone))},
        {"date_ns", std::int64_t{std::chrono::duration_cast<std::chrono::nanoseconds>(date).count()}}});
  }
  // A million images are named by one key of this list.
  constexpr std::size_t kListed = 1000;
  if (files.size() <= kListed) return files;
  const auto count = static_cast<std::int64_t>(files.size());
  return Value::Object{{"files", count}, {"key", sweep::key_of(Value(std::move(files)))}};
}

}  // namespace telegrad::app
