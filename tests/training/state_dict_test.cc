#include "training/state_dict.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

#include "sim/core/errors.h"
#include "tests/training/models/noise.h"
#include "training/initial_weights.h"
#include "training/learning/gradient.h"

namespace telegrad::training {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing_support::model;
using testing_support::noise;

class StateDict : public testing::Test {
 protected:
  StateDict() : path_(fs::temp_directory_path() / ("state_dict_" + std::to_string(::getpid()))) {}
  ~StateDict() override { fs::remove(path_); }

  ModelState drawn(const Model& of) const {
    return {draw_weights(of.layout(), 7),
            of.buffers().size() > 0 ? draw_weights(of.buffers(), 8) + 0.25 : at::Tensor()};
  }
  std::string refusal(const Model& of) const {
    try {
      (void)read_state_dict(path_, of);
    } catch (const RunError& error) {
      EXPECT_EQ(error.failure(), Failure::bad_data);
      return error.what();
    }
    return "";
  }

  fs::path path_;
};

TEST_F(StateDict, ComesBackAsItWas) {
  const Dataset dataset = noise({3, 32, 32});
  for (const char* json : {R"({"type": "resnet_cifar", "depth": 8})", R"({"type": "logistic"})"}) {
    auto made = model(json, dataset);
    const ModelState before = drawn(*made);
    write_state_dict(path_, *made, before);
    EXPECT_TRUE(is_state_dict(path_));
    const ModelState after = read_state_dict(path_, *made);
    EXPECT_TRUE(after.parameters.equal(before.parameters));
    EXPECT_EQ(after.buffers.defined(), before.buffers.defined());
    if (before.buffers.defined()) {
      EXPECT_TRUE(after.buffers.equal(before.buffers));
    }
  }
}

TEST_F(StateDict, OfAnotherModelIsRefusedByNameAndShape) {
  const Dataset dataset = noise({3, 32, 32});
  auto plain = model(R"({"type": "resnet_cifar", "depth": 8})", dataset);
  write_state_dict(path_, *plain, drawn(*plain));
  EXPECT_THAT(refusal(*model(R"({"type": "cnn"})", dataset)), HasSubstr("conv1.weight"));
  EXPECT_THAT(refusal(*model(R"({"type": "resnet_cifar", "depth": 14})", dataset)),
              HasSubstr("layer1.1.conv1.weight"));
  const std::string shape = refusal(*model(R"({"type": "resnet_cifar", "depth": 8})", noise({1, 32, 32})));
  EXPECT_THAT(shape, HasSubstr("[16, 3, 3, 3]"));
  EXPECT_THAT(shape, HasSubstr("[16, 1, 3, 3]"));
  auto deep = model(R"({"type": "resnet_cifar", "depth": 14})", dataset);
  write_state_dict(path_, *deep, drawn(*deep));
  EXPECT_THAT(refusal(*plain), HasSubstr("that the model does not have"));
}

TEST_F(StateDict, DamageAndWhatIsNotFiniteAreRefused) {
  auto made = model(R"({"type": "mlp", "hidden": [4]})", noise({1, 2, 2}));
  ModelState state = drawn(*made);
  write_state_dict(path_, *made, state);
  const auto size = fs::file_size(path_);
  for (std::uintmax_t length = size - 1; length > 16; length -= 97) {
    fs::resize_file(path_, length);
    EXPECT_NE(refusal(*made), "") << length;
    if (length < 97 + 16) break;
  }
  state.parameters[3] = std::numeric_limits<float>::infinity();
  write_state_dict(path_, *made, state);
  EXPECT_THAT(refusal(*made), HasSubstr("fc1.weight"));
}

TEST_F(StateDict, ADamagedArchiveIsRefusedWhateverIsThrown) {
  auto made = model(R"({"type": "mlp", "hidden": [4]})", noise({1, 2, 2}));
  for (const char* version : {"99999999999999999999999", "three", ""}) {
    std::ofstream(path_.string() + ".py")
        << "import zipfile\n"
        << "with zipfile.ZipFile('" << path_.string() << "', 'w') as archive:\n"
        << "    archive.writestr('m/data.pkl', b'\\x80\\x02}.')\n"
        << "    archive.writestr('m/version', '" << version << "')\n";
    const std::string command = "'" TELEGRAD_PYTHON "' '" + path_.string() + ".py'";
    ASSERT_EQ(std::system(command.c_str()), 0);
    EXPECT_THAT(refusal(*made), HasSubstr("initial weights '" + path_.string())) << version;
  }
  fs::remove(path_.string() + ".py");
}

TEST_F(StateDict, CannotBeWrittenWhereThereIsNoFolder) {
  auto made = model(R"({"type": "mlp", "hidden": [4]})", noise({1, 2, 2}));
  EXPECT_THROW(write_state_dict("/no/such/folder/model.pt", *made, drawn(*made)), RunError);
  if (fs::exists("/dev/full")) {
    EXPECT_THROW(write_state_dict("/dev/full", *made, drawn(*made)), RunError);
  }
}

}  // namespace
}  // namespace telegrad::training
