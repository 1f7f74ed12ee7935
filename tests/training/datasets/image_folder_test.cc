// Folders of images in ImageNet's layout, against Pillow.

#include <cmath>
#include <set>
#include <thread>

#include "tests/training/datasets/folder.h"
#include "training/datasets/image_cache.h"
#include "training/datasets/image_files.h"

namespace telegrad::training {
namespace {

constexpr std::int64_t kFeatures = 3 * 32 * 32;
constexpr const char* kSmall = R"("size": 32, "resize": 40)";

class ImageFolder : public FolderTest {
 protected:
  /// Three classes; expected.f32 holds what the usual pipeline makes of the five training images.
  void make_images() const {
    python(R"(
import os
from PIL import Image
rng = np.random.default_rng(4)
expected = []
def add(path, width, height):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    y, x = np.mgrid[0:height, 0:width]
    pixels = np.stack([x * 255 / width, y * 255 / height, (x + y) % 256], axis=2) + rng.normal(0, 10, (height, width, 3))
    Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)).save(path)
    image = Image.open(path).convert('RGB')
    scale = 40 / min(width, height)
    image = image.resize((int(40 * width / min(width, height)), int(40 * height / min(width, height))), Image.BILINEAR)
    left, top = round((image.width - 32) / 2), round((image.height - 32) / 2)
    image = image.crop((left, top, left + 32, top + 32))
    values = np.asarray(image).astype(np.float64) / 255
    values = (values - [0.485, 0.456, 0.406]) / [0.229, 0.224, 0.225]
    expected.append(values.transpose(2, 0, 1).astype(np.float32))
add('train/ant/b.JPEG', 61, 50)
add('train/ant/c.png', 40, 90)
add('train/bee/a.jpg', 120, 77)
add('train/bee/b.jpg', 32, 33)
add('train/cat/x.png', 300, 51)
add('val/bee/1.jpg', 60, 60)
add('val/cat/2.png', 50, 60)
open('train/cat/notes.txt', 'w').write('no image')
np.stack(expected).tofile('expected.f32'))");
  }
};

TEST_F(ImageFolder, TestImagesAreTheMiddleOfTheResized) {
  make_images();
  const Dataset dataset = make("image_folder", kSmall);
  EXPECT_EQ(dataset.classes, 3U);
  EXPECT_EQ(dataset.shape.features(), kFeatures);
  EXPECT_EQ(dataset.test->size(), 2U);
  const Batch train = gathered(*dataset.train, {0, 1, 2, 3, 4}, kFeatures);
  EXPECT_EQ(train.targets, (std::vector<std::int64_t>{0, 0, 1, 1, 2}));
  EXPECT_EQ(gathered(*dataset.test, {0, 1}, kFeatures).targets, (std::vector<std::int64_t>{1, 2}));
  const std::vector<float> expected = numbers<float>("expected.f32");
  ASSERT_EQ(expected.size(), static_cast<std::size_t>(7 * kFeatures));
  // Two steps of a byte: libjpeg's version, and rounding between the two passes. A step is 1 / (255 * 0.225).
  for (std::size_t i = 0; i < train.inputs.size(); ++i) ASSERT_NEAR(train.inputs[i], expected[i], 0.036) << i;
  double sum = 0;
  for (std::size_t i = 0; i < train.inputs.size(); ++i) sum += std::abs(train.inputs[i] - expected[i]);
  EXPECT_LT(sum / static_cast<double>(train.inputs.size()), 0.005);
}

TEST_F(ImageFolder, AugmentedImagesDependOnWorkerRoundAndPlace) {
  make_images();
  const Dataset dataset = make("image_folder", std::string(kSmall) + R"(, "augment": true)");
  const std::vector<std::uint32_t> chosen{2, 2};
  const StreamKey key{.seed = 1, .node = 2, .round = 3};
  StreamKey later = key;
  later.round = 4;
  const Batch batch = gathered(*dataset.train, chosen, kFeatures, &key);
  EXPECT_EQ(gathered(*dataset.train, chosen, kFeatures, &key), batch);
  EXPECT_EQ(gathered(*make("image_folder", std::string(kSmall) + R"(, "augment": true, "cache_mb": 0)").train,
                     chosen, kFeatures, &key),
            batch);
  EXPECT_NE(gathered(*dataset.train, chosen, kFeatures, &later), batch);
  EXPECT_NE(std::vector<float>(batch.inputs.begin(), batch.inputs.begin() + kFeatures),
            std::vector<float>(batch.inputs.begin() + kFeatures, batch.inputs.end()));
  EXPECT_EQ(gathered(*dataset.train, chosen, kFeatures),
            gathered(*make("image_folder", kSmall).train, chosen, kFeatures, &key));
}

TEST(RandomBox, HasTheStatedShareAndAspect) {
  Stream stream(StreamKey{.seed = 1});
  double smallest = 1;
  double largest = 0;
  for (int i = 0; i < 2000; ++i) {
    const images::Box box = random_box({400, 300}, stream);
    const double share = box.width * box.height / (400 * 300);
    EXPECT_GE(box.left, 0);
    EXPECT_GE(box.top, 0);
    EXPECT_LE(box.left + box.width, 400);
    EXPECT_LE(box.top + box.height, 300);
    EXPECT_NEAR(std::log(box.width / box.height), 0, std::log(4.0 / 3) + 0.02);
    smallest = std::min(smallest, share);
    largest = std::max(largest, share);
  }
  EXPECT_NEAR(smallest, 0.08, 0.01);
  EXPECT_GT(largest, 0.9);
  const images::Box thin = random_box({1000, 3}, stream);
  EXPECT_GE(thin.left, 0);
  EXPECT_LE(thin.left + thin.width, 1000);
  EXPECT_LE(thin.height, 3);
}

TEST(CentreBox, OfTheLongestImagesLiesWithinThem) {
  for (const images::Size image : {images::Size{1, 1'000'000}, images::Size{1 << 26, 1}}) {
    const images::Box box = centre_box(image, 4096, 4096);
    EXPECT_NEAR(box.width, 1, 1e-9);
    EXPECT_NEAR(box.height, 1, 1e-9);
    EXPECT_NEAR(box.left, (image.width - 1) / 2.0, 1);
    EXPECT_NEAR(box.top, (image.height - 1) / 2.0, 1);
  }
}

TEST(ImageCache, KeepsWhatFitsAndDecodesTheRestAnew) {
  ImageCache cache(250);
  int decoded = 0;
  auto decode = [&decoded] {
    ++decoded;
    return images::Image{5, 7, std::vector<std::uint8_t>(105)};
  };
  for (int epoch = 0; epoch < 3; ++epoch) {
    for (std::size_t number : {0U, 1U, 2U}) EXPECT_EQ(cache.get(number, decode)->width, 5);
  }
  EXPECT_EQ(decoded, 5);  // the third, in each epoch
  EXPECT_EQ(cache.bytes(), 210U);
}

TEST_F(ImageFolder, ThreadsReadAtOnce) {
  make_images();
  const Dataset dataset = make("image_folder", kSmall);
  const std::vector<std::uint32_t> chosen{0, 1, 2, 3, 4, 3, 2, 1};
  const Batch alone = gathered(*make("image_folder", kSmall).train, chosen, kFeatures);
  std::vector<Batch> batches(4);
  std::vector<std::thread> threads;
  for (Batch& batch : batches) {
    threads.emplace_back([&] { batch = gathered(*dataset.train, chosen, kFeatures); });
  }
  for (std::thread& thread : threads) thread.join();
  for (const Batch& batch : batches) EXPECT_EQ(batch, alone);
}

TEST_F(ImageFolder, WhatIsWrongIsNamed) {
  EXPECT_NE(
      complaint("image_folder").find("has 0 folders of classes, expected 2 to 65,535; expected folders"),
      std::string::npos);
  make_images();
  const std::string sound = read("train/bee/a.jpg");
  write("train/bee/a.jpg", "");
  EXPECT_NE(complaint("image_folder").find("train/bee/a.jpg' is neither JPEG nor PNG; copy it again"),
            std::string::npos);
  write("train/bee/a.jpg", sound.substr(0, 100));
  EXPECT_NE(complaint("image_folder").find("a.jpg' is damaged"), std::string::npos);
  write("train/bee/a.jpg", sound.substr(0, sound.size() / 2));  // its header is sound
  const Dataset dataset = make("image_folder", kSmall);
  try {
    (void)gathered(*dataset.train, {2}, kFeatures);
    FAIL();
  } catch (const RunError& error) {
    EXPECT_NE(std::string(error.what()).find("a.jpg' is damaged (JPEG: Premature end"), std::string::npos)
        << error.what();
  }
  write("train/bee/a.jpg", sound);
  write("val/dog/a.jpg", sound);
  EXPECT_NE(complaint("image_folder").find("dog' is a class of which 'train' has no images"),
            std::string::npos);
  std::filesystem::remove_all(folder_ / "val" / "dog");
  std::filesystem::create_directories(folder_ / "train" / "dog");
  EXPECT_NE(complaint("image_folder").find("dog' has no .jpg or .png images"), std::string::npos);
}

TEST_F(ImageFolder, NoTestImagesAreLeftOutOnPurposeAlone) {
  make_images();
  std::filesystem::rename(folder_ / "val", folder_ / "valid");
  EXPECT_NE(complaint("image_folder", kSmall).find("has no folder 'val' of test images; expected folders"),
            std::string::npos);
  std::filesystem::create_directories(folder_ / "val");
  EXPECT_EQ(make("image_folder", kSmall).test->size(), 0U);
}

TEST(ImageFolderSettings, AMiddleLargerThanTheImageIsAScenarioMistake) {
  std::vector<Problem> problems;
  const auto& catalogue = testing_support::training_catalogues().at("datasets");
  (void)resolve_typed(trusted_json(R"({"type": "image_folder", "folder": "x", "resize": 200})"), catalogue,
                      testing_support::training_catalogues(), problems);
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_EQ(problems[0].pointer, "/resize");
}

}  // namespace
}  // namespace telegrad::training
