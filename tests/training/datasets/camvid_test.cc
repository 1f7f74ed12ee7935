// A small folder in CamVid's layout, against Pillow.

#include "tests/training/datasets/folder.h"

namespace telegrad::training {
namespace {

constexpr std::int64_t kFeatures = 3 * 12 * 16;
constexpr const char* kSmall = R"("height": 12, "width": 16)";

class Camvid : public FolderTest {
 protected:
  /// Images of 32x24 pixels; expected.i64 holds the labels of the first at 16x12 by the eleven groups.
  void make_images() const {
    python(R"(
import os
from PIL import Image
rng = np.random.default_rng(5)
names = ['Sky', 'Truck_Bus', 'Car', 'Void', 'Road', 'LaneMkgsDriv']
colours = np.array([[128, 128, 128], [192, 128, 192], [64, 0, 128], [0, 0, 0], [128, 64, 128], [128, 0, 192]])
groups = np.array([0, 8, 8, -100, 3, 3])
with open('class_dict.csv', 'w') as f:
    f.write('name,r,g,b\r\n')
    for name, (r, g, b) in zip(names, colours): f.write(f'{name},{r}, {g},{b}\r\n')
for part, n in (('train', 3), ('test', 1)):
    os.makedirs(part); os.makedirs(part + '_labels')
    for i in range(n):
        pixels = rng.integers(0, 256, (24, 32, 3), dtype=np.uint8)
        Image.fromarray(pixels).save(f'{part}/f{i}.png')
        labels = rng.integers(0, 6, (24, 32)) if i else np.full((24, 32), 4)
        labels[:9, :5] = 3
        Image.fromarray(colours[labels].astype(np.uint8)).save(f'{part}_labels/f{i}' + ('_L.png' if i % 2 else '.png'))
        if part == 'train' and i == 1:
            groups[labels[1::2, 1::2]].astype(np.int64).tofile('expected.i64')
            labels[1::2, 1::2].astype(np.int64).tofile('all.i64'))");
  }
};

TEST_F(Camvid, ColoursBecomeClasses) {
  make_images();
  const Dataset dataset = make("camvid", kSmall);
  EXPECT_EQ(dataset.classes, 11U);
  EXPECT_EQ(dataset.target_shape, (std::vector<std::int64_t>{12, 16}));
  EXPECT_EQ(dataset.score, Score::mean_iou);
  EXPECT_EQ(dataset.train->size(), 3U);
  EXPECT_EQ(dataset.test->size(), 1U);
  EXPECT_EQ(gathered(*dataset.train, {1}, kFeatures).targets, numbers<std::int64_t>("expected.i64"));
  EXPECT_EQ(dataset.train->labels()[0], 3);  // most of it is road

  const Dataset all = make("camvid", std::string(kSmall) + R"(, "classes": "all", "accuracy": "pixels")");
  EXPECT_EQ(all.classes, 5U);
  EXPECT_EQ(all.score, Score::share_of_right_targets);
  std::vector<std::int64_t> expected = numbers<std::int64_t>("all.i64");
  for (std::int64_t& label : expected) label = label == 3 ? Samples::kIgnored : label > 3 ? label - 1 : label;
  EXPECT_EQ(gathered(*all.train, {1}, kFeatures).targets, expected);
}

TEST_F(Camvid, ImagesAndLabelsAreMirroredTogether) {
  make_images();
  const Dataset dataset = make("camvid", std::string(kSmall) + R"(, "augment": true)");
  const Batch plain = gathered(*dataset.train, {1}, kFeatures);
  Batch mirrored = plain;
  for (std::size_t i = 0; i < plain.inputs.size(); ++i)
    mirrored.inputs[i] = plain.inputs[i / 16 * 16 + 15 - i % 16];
  for (std::size_t i = 0; i < plain.targets.size(); ++i)
    mirrored.targets[i] = plain.targets[i / 16 * 16 + 15 - i % 16];
  int times = 0;
  for (std::uint32_t round = 0; round < 40; ++round) {
    const StreamKey key{.seed = 1, .round = round};
    const Batch batch = gathered(*dataset.train, {1}, kFeatures, &key);
    EXPECT_TRUE(batch == plain || batch == mirrored);
    times += batch == mirrored ? 1 : 0;
  }
  EXPECT_GT(times, 8);
  EXPECT_LT(times, 32);
}

TEST_F(Camvid, WhatIsWrongIsNamed) {
  EXPECT_NE(complaint("camvid").find("class_dict.csv' is missing"), std::string::npos);
  make_images();
  const std::string classes = read("class_dict.csv");
  auto with = [&](const std::string& text) {
    write("class_dict.csv", text);
    return complaint("camvid", kSmall);
  };
  EXPECT_NE(with(classes + "Tree,1,2\n").find("line 8 'Tree,1,2'"), std::string::npos);
  EXPECT_NE(with(classes + "Tree,1,2,256\n").find("line 8 'Tree,1,2,256'"), std::string::npos);
  EXPECT_NE(with(classes + "Tree,1,2,3,4\n").find("line 8"), std::string::npos);
  EXPECT_NE(with(classes + "Tree,64,0,128\n").find("the colour of another class"), std::string::npos);
  EXPECT_NE(with("name,r,g,b\na,1,2,3\nb,4,5,6\n").find("none of CamVid's classes"), std::string::npos);
  EXPECT_NE(with("name,r,g,b\nSky,128,128,128\nRoad,128,64,128\n").find("column 0, row 0, which no class"),
            std::string::npos);
  auto many = [](int count) {
    std::string text = "name,r,g,b\n";
    for (int i = 0; i < count; ++i) {
      text += "a," + std::to_string(i >> 16) + "," + std::to_string(i >> 8 & 255) + "," +
              std::to_string(i & 255) + "\n";
    }
    return text;
  };
  write("class_dict.csv", many(65'536));
  EXPECT_NE(
      complaint("camvid", R"("classes": "all")").find("line 65537 class 65,536, expected at most 65,535"),
      std::string::npos);
  write("class_dict.csv", many(65'535));
  EXPECT_NE(complaint("camvid", R"("classes": "all")").find("which no class of"), std::string::npos);
  with(classes);
  std::filesystem::rename(folder_ / "train_labels" / "f1_L.png", folder_ / "train_labels" / "g.png");
  EXPECT_NE(complaint("camvid", kSmall).find("f1_L.png' is missing, the label image of"), std::string::npos);
  write("train_labels/f1.png", read("expected.i64"));
  EXPECT_NE(complaint("camvid", kSmall).find("f1.png' is neither JPEG nor PNG"), std::string::npos);
}

}  // namespace
}  // namespace telegrad::training
