// Arrays that NumPy wrote.

#include "tests/training/datasets/folder.h"
#include "training/learning/population.h"

namespace telegrad::training {
namespace {

class Npy : public FolderTest {
 protected:
  /// 12 and 4 samples of five values, three classes, four users.
  void make_rows() const {
    python(R"(
import os
for part, n in (('train', 12), ('test', 4)):
    os.makedirs(part, exist_ok=True)
    np.save(f'{part}/inputs.npy', (np.arange(n * 5, dtype=np.float32) / 8).reshape(n, 5))
    np.save(f'{part}/labels.npy', np.arange(n) % 3)
np.save('train/users.npy', np.arange(12, dtype=np.uint16) // 3 + 40000))");
  }
};

TEST_F(Npy, FloatsAreTakenAsTheyAre) {
  make_rows();
  const Dataset dataset = make("npy");
  EXPECT_EQ(dataset.shape.features(), 5);
  EXPECT_EQ(dataset.classes, 3U);
  EXPECT_EQ(dataset.test->size(), 4U);
  const Batch batch = gathered(*dataset.train, {11, 0}, 5);
  EXPECT_EQ(batch.inputs,
            (std::vector<float>{6.875F, 7.0F, 7.125F, 7.25F, 7.375F, 0, 0.125F, 0.25F, 0.375F, 0.5F}));
  EXPECT_EQ(batch.targets, (std::vector<std::int64_t>{2, 0}));
  ASSERT_EQ(dataset.users.size(), 12U);
  EXPECT_EQ(dataset.users[0], 40000U);
  EXPECT_EQ(dataset.users[11], 40003U);
  EXPECT_EQ(dataset.score, Score::share_of_right_targets);
}

TEST_F(Npy, WorkersMayHoldWholeUsers) {
  make_rows();
  const auto population = testing_support::population(
      R"({"dataset": {"type": "npy", "folder": ")" + folder_.string() +
          R"("}, "partition": {"type": "by_user"}, "model": {"type": "logistic"}, "batch_size_per_worker": 3,
             "optimizer": {"type": "sgd", "learning_rate": 1}})",
      R"({"uplink": {"type": "dense"}})", {.workers = 4});
  for (const Portion& portion : population->facts().portions) {
    EXPECT_EQ(portion.label_histogram, (std::vector<std::uint64_t>{1, 1, 1}));
  }
}

TEST_F(Npy, BytesAreNormalisedChannelByChannel) {
  python(R"(
import os
os.makedirs('train')
images = np.random.default_rng(2).integers(0, 200, (6, 2, 4, 3), dtype=np.uint8)
np.save('train/inputs.npy', images)
np.save('train/labels.npy', np.array([0, 1, 999, 65534, 2, 3], dtype=np.uint16))
real = images.astype(np.float64)
((real - real.mean((0, 2, 3), keepdims=True)) / real.std((0, 2, 3), keepdims=True)).astype(np.float32).tofile('expected.f32'))");
  const Dataset dataset = make("npy");
  EXPECT_EQ(dataset.shape.channels, 2);
  EXPECT_EQ(dataset.shape.height, 4);
  EXPECT_EQ(dataset.shape.width, 3);
  EXPECT_EQ(dataset.classes, 65535U);
  EXPECT_EQ(dataset.test->size(), 0U);
  const Batch batch = gathered(*dataset.train, {0, 1, 2, 3, 4, 5}, 24);
  EXPECT_EQ(batch.targets, (std::vector<std::int64_t>{0, 1, 999, 65534, 2, 3}));
  const std::vector<float> expected = numbers<float>("expected.f32");
  for (std::size_t i = 0; i < expected.size(); ++i) ASSERT_NEAR(batch.inputs[i], expected[i], 1e-5);
}

TEST_F(Npy, ALabelImageIsATargetForEachPixel) {
  python(R"(
import os
os.makedirs('train')
np.save('train/inputs.npy', np.zeros((2, 3, 2, 3), dtype=np.float32))
np.save('train/labels.npy', np.array([[[0, 4, 4], [255, 255, 255]], [[1, 0, 1], [0, 255, 2]]], dtype=np.uint8)))");
  const Dataset dataset = make("npy", R"("ignored_label": 255)");
  EXPECT_EQ(dataset.classes, 5U);
  EXPECT_EQ(dataset.target_shape, (std::vector<std::int64_t>{2, 3}));
  EXPECT_EQ(dataset.score, Score::mean_iou);
  EXPECT_EQ(dataset.train->targets(), 6U);
  const std::int64_t none = Samples::kIgnored;
  EXPECT_EQ(gathered(*dataset.train, {1, 0}, 18).targets,
            (std::vector<std::int64_t>{1, 0, 1, 0, none, 2, 0, 4, 4, none, none, none}));
  EXPECT_EQ(dataset.train->labels()[0], 4);  // what most of its pixels are
  EXPECT_EQ(dataset.train->labels()[1], 0);  // the lowest of several
  EXPECT_EQ(make("npy").classes, 256U);
}

TEST_F(Npy, InputsMayBeNumbersOfSymbols) {
  python(R"(
import os
os.makedirs('train')
np.save('train/inputs.npy', np.array([[0, 4, 2], [3, 3, 1]], dtype=np.uint8))
np.save('train/labels.npy', np.array([4, 0])))");
  const Dataset dataset = make("npy", R"("symbols": 5)");
  EXPECT_EQ(dataset.symbols, 5U);
  EXPECT_EQ(gathered(*dataset.train, {0, 1}, 3).inputs, (std::vector<float>{0, 4, 2, 3, 3, 1}));
  EXPECT_NE(complaint("npy", R"("symbols": 4)")
                .find("has the input 4.000000 at position 1, expected whole numbers"),
            std::string::npos);
  for (const char* wrong : {"0.5", "-1", "5"}) {
    python(std::string("np.save('train/inputs.npy', np.array([[0, 4, 2], [3, 3, ") + wrong +
           "]], dtype=np.float32))");
    EXPECT_NE(complaint("npy", R"("symbols": 5)").find("at position 5, expected whole numbers"),
              std::string::npos)
        << wrong;
  }
  EXPECT_EQ(make("npy").symbols, 0U);
}

TEST_F(Npy, AModelThatAnswersOnceASampleIsRefused) {
  python(R"(
import os
os.makedirs('train')
np.save('train/inputs.npy', np.zeros((8, 3, 2, 3), dtype=np.float32))
np.save('train/labels.npy', np.zeros((8, 2, 3), dtype=np.uint8)))");
  try {
    (void)testing_support::population(R"({"dataset": {"type": "npy", "folder": ")" + folder_.string() +
                                          R"("}, "model": {"type": "logistic"}, "batch_size_per_worker": 2,
               "optimizer": {"type": "sgd", "learning_rate": 1}})",
                                      R"({"uplink": {"type": "dense"}})", {.workers = 2});
    FAIL();
  } catch (const ScenarioError& error) {
    EXPECT_EQ(error.problems()[0].pointer, "/training/model/type");
    EXPECT_NE(error.problems()[0].message.find("asks 6 times"), std::string::npos) << error.what();
  }
}

TEST_F(Npy, WhatIsWrongIsNamed) {
  EXPECT_NE(complaint("npy").find("has no folder 'train'"), std::string::npos);
  make_rows();
  const std::string sound = read("train/inputs.npy");
  auto with = [&](const std::string& bytes) {
    write("train/inputs.npy", bytes);
    return complaint("npy");
  };
  for (std::size_t size = 0; size < sound.size(); ++size) ASSERT_NE(with(sound.substr(0, size)), "") << size;
  EXPECT_NE(with(sound + "x").find("not what its shape says"), std::string::npos);
  EXPECT_NE(with("PK" + sound).find("is no .npy file"), std::string::npos);
  auto replaced = [&](const std::string& from, const std::string& to) {
    std::string bytes = sound;
    return bytes.replace(bytes.find(from), from.size(), to);
  };
  EXPECT_NE(with(replaced("<f4", ">f4")).find("type '>f4'; write it with numpy.save"), std::string::npos);
  EXPECT_NE(with(replaced("False", "True ")).find("Fortran order"), std::string::npos);
  EXPECT_NE(with(replaced("(12, 5)", "(60,)  ")).find("has 1 dimensions, expected 2 or 3 or 4; reshape"),
            std::string::npos);
  EXPECT_NE(with(replaced("(12, 5), }        ", "(12, 999999999999)}")).find("not what its shape"),
            std::string::npos);
  EXPECT_NE(with(replaced("(12, 5), }", "(4, 15), }")).find("labels for 12 samples"), std::string::npos);
  python("np.save('train/inputs.npy', np.zeros((0, 5), dtype=np.float32))");
  EXPECT_NE(complaint("npy").find("holds an array without elements; save at least one"), std::string::npos);
  python("np.save('train/inputs.npy', np.array([[0, 1, np.inf, 0, 0]] * 12, dtype=np.float32))");
  EXPECT_NE(complaint("npy").find("infinite value at position 2"), std::string::npos);
  make_rows();
  python("np.save('train/labels.npy', np.arange(12) - 1)");
  EXPECT_NE(complaint("npy").find("has the label -1 at position 0"), std::string::npos);
  make_rows();
  python("np.save('train/users.npy', np.arange(11))");
  EXPECT_NE(complaint("npy").find("users of 11 samples"), std::string::npos);
  make_rows();
  python("np.save('test/inputs.npy', np.zeros((4, 6), dtype=np.float32))");
  EXPECT_NE(complaint("npy").find("another shape or type"), std::string::npos);
}

TEST_F(Npy, LabelImagesLieAsTheirImages) {
  python(R"(
import os
os.makedirs('train')
np.save('train/inputs.npy', np.zeros((3, 1, 4, 6), dtype=np.float32))
np.save('train/labels.npy', np.zeros((3, 6, 4), dtype=np.uint8)))");
  EXPECT_NE(complaint("npy").find("the other way round"), std::string::npos);
}

}  // namespace
}  // namespace telegrad::training
