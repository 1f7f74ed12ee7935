// Small files in the binary format of CIFAR, and what is refused.

#include <set>

#include "tests/training/datasets/folder.h"

namespace telegrad::training {
namespace {

constexpr std::int64_t kFeatures = 3 * 32 * 32;
constexpr const char* kPlain = R"("validation": 0)";

class Cifar : public FolderTest {
 protected:
  /// Files of two images each, and in expected.f32 what NumPy makes of the training images.
  void make_cifar10() const {
    python(R"(
rng = np.random.default_rng(1)
pixels, n = [], 0
for name in [f'data_batch_{i}.bin' for i in range(1, 6)] + ['test_batch.bin']:
    images = rng.integers(0, 256, (2, 3, 32, 32), dtype=np.uint8)
    images[:, 1] //= 2
    labels = np.array([[n % 10], [(n + 1) % 10]], dtype=np.uint8)
    np.concatenate([labels, images.reshape(2, -1)], axis=1).tofile(name)
    pixels.append(images)
    n += 2
train = np.concatenate(pixels[:5]).astype(np.float64)
mean, deviation = train.mean((0, 2, 3), keepdims=True), train.std((0, 2, 3), keepdims=True)
((np.concatenate(pixels) - mean) / deviation).astype(np.float32).tofile('expected.f32')
(-mean / deviation).astype(np.float32).tofile('black.f32'))");
  }
};

TEST_F(Cifar, ImagesAreNormalisedChannelByChannelOverTheTrainingImages) {
  make_cifar10();
  const Dataset dataset = make("cifar10", kPlain);
  EXPECT_EQ(dataset.classes, 10U);
  EXPECT_EQ(dataset.shape.features(), kFeatures);
  ASSERT_EQ(dataset.train->size(), 10U);
  ASSERT_EQ(dataset.test->size(), 2U);
  const std::vector<float> expected = numbers<float>("expected.f32");
  const Batch train = gathered(*dataset.train, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, kFeatures);
  const Batch test = gathered(*dataset.test, {0, 1}, kFeatures);
  EXPECT_EQ(train.targets, (std::vector<std::int64_t>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}));
  EXPECT_EQ(test.targets, (std::vector<std::int64_t>{0, 1}));
  for (std::size_t i = 0; i < train.inputs.size(); ++i) ASSERT_NEAR(train.inputs[i], expected[i], 1e-5) << i;
  for (std::size_t i = 0; i < test.inputs.size(); ++i) {
    ASSERT_NEAR(test.inputs[i], expected[train.inputs.size() + i], 1e-5) << i;
  }
}

TEST_F(Cifar, AugmentedImagesAreShiftedAndMirrored) {
  make_cifar10();
  const Dataset dataset = make("cifar10", R"("validation": 0, "augment": true)");
  const std::vector<float> black = numbers<float>("black.f32");
  const std::vector<float> image = gathered(*dataset.train, {3}, kFeatures).inputs;
  auto changed = [&](std::size_t down, std::size_t right, bool mirrored) {
    std::vector<float> result;
    for (std::size_t c = 0; c < 3; ++c) {
      for (std::size_t row = 0; row < 32; ++row) {
        for (std::size_t column = 0; column < 32; ++column) {
          const std::size_t y = row + down;  // in the image with four pixels round it
          const std::size_t x = (mirrored ? 31 - column : column) + right;
          const bool inside = y >= 4 && y < 36 && x >= 4 && x < 36;
          result.push_back(inside ? image[c * 1024 + (y - 4) * 32 + x - 4] : black[c]);
        }
      }
    }
    return result;
  };
  std::set<int> seen;
  for (std::uint32_t round = 1; round <= 400; ++round) {
    const StreamKey key{.seed = 1, .purpose = Purpose::augmentation, .node = 2, .round = round};
    const std::vector<float> got = gathered(*dataset.train, {3}, kFeatures, &key).inputs;
    bool found = false;
    for (int which = 0; which < 162 && !found; ++which) {
      const auto expected =
          changed(static_cast<std::size_t>(which % 9), static_cast<std::size_t>(which / 9 % 9), which >= 81);
      found = std::equal(got.begin(), got.end(), expected.begin(),
                         [](float a, float b) { return std::abs(a - b) < 1e-5F; });
      if (found) seen.insert(which);
    }
    ASSERT_TRUE(found) << round;
  }
  EXPECT_GT(seen.size(), 130U);  // of 162; 400 draws are expected to show 148
}

TEST_F(Cifar, ChangesDependOnSeedWorkerRoundAndPlace) {
  make_cifar10();
  const Dataset dataset = make("cifar10", R"("validation": 0, "augment": true)");
  const std::vector<std::uint32_t> chosen(20, 3);
  const StreamKey key{.seed = 1, .purpose = Purpose::augmentation, .node = 2, .round = 3};
  StreamKey other = key;
  other.node = 4;
  const Batch batch = gathered(*dataset.train, chosen, kFeatures, &key);
  EXPECT_EQ(gathered(*dataset.train, chosen, kFeatures, &key), batch);
  EXPECT_NE(gathered(*dataset.train, chosen, kFeatures, &other), batch);
  std::set<std::vector<float>> places;
  for (std::ptrdiff_t i = 0; i < 20; ++i) {
    places.emplace(batch.inputs.begin() + i * kFeatures, batch.inputs.begin() + (i + 1) * kFeatures);
  }
  EXPECT_GT(places.size(), 12U);
  EXPECT_EQ(gathered(*make("cifar10", kPlain).train, chosen, kFeatures, &key),
            gathered(*dataset.train, chosen, kFeatures));
}

TEST_F(Cifar, HundredClassesHaveTwoLabelsEach) {
  python(R"(
for name, n in (('train.bin', 3), ('test.bin', 1)):
    images = np.full((n, 3072), 7, dtype=np.uint8)
    labels = np.array([[i, 99 - i] for i in range(n)], dtype=np.uint8)
    np.concatenate([labels, images], axis=1).tofile(name))");
  const Dataset fine = make("cifar100", kPlain);
  EXPECT_EQ(fine.classes, 100U);
  EXPECT_EQ(gathered(*fine.train, {0, 1, 2}, kFeatures).targets, (std::vector<std::int64_t>{99, 98, 97}));
  const Dataset coarse = make("cifar100", R"("validation": 0, "labels": "coarse")");
  EXPECT_EQ(coarse.classes, 20U);
  EXPECT_EQ(gathered(*coarse.train, {0, 1, 2}, kFeatures).targets, (std::vector<std::int64_t>{0, 1, 2}));
}

TEST_F(Cifar, WhatIsWrongIsNamedWithTheArchive) {
  EXPECT_NE(complaint("cifar10", kPlain).find("data_batch_1.bin' is missing; unpack cifar-10-binary.tar.gz"),
            std::string::npos);
  make_cifar10();
  const std::string whole = read("data_batch_4.bin");
  write("data_batch_4.bin", whole.substr(0, 5000));
  const std::string cut = complaint("cifar10", kPlain);
  EXPECT_NE(cut.find("data_batch_4.bin' has 5,000 bytes"), std::string::npos) << cut;
  EXPECT_NE(cut.find("30,730,000"), std::string::npos) << cut;
  EXPECT_NE(cut.find("c32a1d4ab5d03f1284b67883e8d87530"), std::string::npos) << cut;
  write("data_batch_4.bin", "");
  EXPECT_NE(complaint("cifar10", kPlain).find("has 0 bytes"), std::string::npos);
  std::string mislabelled = whole;
  mislabelled[3073] = 10;
  write("data_batch_4.bin", mislabelled);
  EXPECT_NE(complaint("cifar10", kPlain).find("has the label 10 at byte 3,073, expected less than 10"),
            std::string::npos);
  EXPECT_NE(complaint("cifar100", kPlain).find("03b5dce01913d631647c71ecec9e9cb8"), std::string::npos);
}

TEST_F(Cifar, AllFilesOfTheFolderBelongToTheScenario) {
  make_cifar10();
  const auto files = files_of(testing_support::described(
      "datasets", R"({"type": "cifar10", "folder": ")" + folder_.string() + R"("})"));
  EXPECT_EQ(files.size(), 8U);  // six, and the two that hold what is expected
  EXPECT_TRUE(std::is_sorted(files.begin(), files.end()));
}

}  // namespace
}  // namespace telegrad::training
