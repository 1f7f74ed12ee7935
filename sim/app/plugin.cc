#include "sim/app/plugin.h"

#include <dlfcn.h>

#include <filesystem>
#include <string>

#include "sim/core/errors.h"

namespace telegrad::app {
namespace {

constexpr const char* kLibrary = "libtelegrad_training.so";

std::filesystem::path beside_the_executable() {
  std::error_code error;
  auto self = std::filesystem::read_symlink("/proc/self/exe", error);
  return error ? std::filesystem::path(kLibrary) : self.parent_path() / kLibrary;
}

const TrainingPlugin& load() {
  std::string path = beside_the_executable().string();
  auto refuse = [&](const char* why) {
    throw RunError(Failure::internal, "the training library " + path + " cannot be loaded: " + why);
  };
  dlerror();
  void* library =
      dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);  // never closed: its objects live as long as we
  if (library == nullptr) refuse(dlerror());
  void* symbol = dlsym(library, kTrainingPluginSymbol);
  if (symbol == nullptr) refuse("it lacks its entry point");
  return reinterpret_cast<TrainingPluginFunction>(symbol)();
}

}  // namespace

const TrainingPlugin& training_plugin() {
  static const TrainingPlugin& plugin = load();
  return plugin;
}

}  // namespace telegrad::app
