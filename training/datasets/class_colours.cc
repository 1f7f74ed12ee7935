#include "training/datasets/class_colours.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <sstream>
#include <string>
#include <vector>

#include "training/datasets/file_bytes.h"

namespace telegrad::training {
namespace {

constexpr std::uint64_t kMostBytes = 1 << 20;
constexpr const char* kRemedy = "expected a line 'name,r,g,b' for each class, under one with these words";

/// Which classes form one; what is in none of them does not count.
const std::vector<std::vector<std::string>>& eleven() {
  static const std::vector<std::vector<std::string>> groups{
      {"Sky"},
      {"Building", "Bridge", "Wall", "Tunnel", "Archway"},
      {"Column_Pole", "TrafficCone"},
      {"Road", "LaneMkgsDriv", "LaneMkgsNonDriv"},
      {"Sidewalk", "ParkingBlock", "RoadShoulder"},
      {"Tree", "VegetationMisc"},
      {"SignSymbol", "Misc_Text", "TrafficLight"},
      {"Fence"},
      {"Car", "SUVPickupTruck", "Truck_Bus", "Train", "OtherMoving"},
      {"Pedestrian", "Child", "CartLuggagePram", "Animal"},
      {"Bicyclist", "MotorcycleScooter"}};
  return groups;
}

Label group_of(const std::string& name) {
  for (std::size_t group = 0; group < eleven().size(); ++group) {
    for (const std::string& member : eleven()[group]) {
      if (member == name) return static_cast<Label>(group);
    }
  }
  return kNoLabel;
}

std::uint32_t colour(const std::uint8_t* pixel) {
  return std::uint32_t{pixel[0]} << 16 | std::uint32_t{pixel[1]} << 8 | pixel[2];
}

struct Line {
  std::string name;
  std::array<std::uint8_t, 3> colour{};
};

/// false: not such a line.
bool read_line(const std::string& text, Line& line) {
  std::istringstream fields(text);
  if (!std::getline(fields, line.name, ',') || line.name.empty()) return false;
  std::string field;
  for (std::uint8_t& part : line.colour) {
    if (!std::getline(fields, field, ',')) return false;
    const std::size_t from = std::min(field.find_first_not_of(' '), field.size());
    const std::size_t end = field.find_last_not_of(" \r") + 1;
    if (from >= end) return false;
    const auto result = std::from_chars(field.data() + from, field.data() + end, part);
    if (result.ec != std::errc() || result.ptr != field.data() + end) return false;
  }
  return !std::getline(fields, field, ',');
}

}  // namespace

ClassColours::ClassColours(const std::filesystem::path& path, Grouping grouping) : path_(path) {
  const auto bytes = bytes_of(path, kMostBytes, kRemedy);
  std::istringstream lines(std::string(bytes.begin(), bytes.end()));
  std::string text;
  std::getline(lines, text);
  for (int number = 2; std::getline(lines, text); ++number) {
    if (text.empty() || text == "\r") continue;
    Line line;
    const std::string where = "has in line " + std::to_string(number) + " ";
    if (!read_line(text, line)) refuse(path, where + "'" + text + "'", kRemedy);
    const bool empty = line.name == "Void" || line.name == "Unlabelled";
    Label label = grouping == Grouping::eleven ? group_of(line.name) : static_cast<Label>(classes_);
    if (grouping == Grouping::none && !empty && ++classes_ > kNoLabel) {
      refuse(path, where + "class 65,536, expected at most 65,535", "leave out classes that no pixel has");
    }
    if (empty) label = kNoLabel;
    if (!by_colour_.emplace(colour(line.colour.data()), label).second) {
      refuse(path, where + "the colour of another class", kRemedy);
    }
  }
  if (grouping == Grouping::eleven) classes_ = static_cast<std::uint32_t>(eleven().size());
  const bool grouped_any = std::any_of(by_colour_.begin(), by_colour_.end(),
                                       [](const auto& entry) { return entry.second != kNoLabel; });
  if (!grouped_any) refuse(path, "names none of CamVid's classes", "choose \"classes\": \"all\"");
  if (classes_ < 2 || by_colour_.size() < 2) refuse(path, "names fewer than two classes", kRemedy);
}

std::vector<Label> ClassColours::labels_of(const images::Image& image,
                                           const std::filesystem::path& path) const {
  std::vector<Label> labels;
  labels.reserve(image.pixels.size() / 3);
  for (std::size_t at = 0; at < image.pixels.size(); at += 3) {
    const std::uint8_t* pixel = image.pixels.data() + at;
    const auto known = by_colour_.find(colour(pixel));
    if (known == by_colour_.end()) {
      const auto width = static_cast<std::size_t>(image.width);
      refuse(path,
             "has a pixel of the colour " + std::to_string(pixel[0]) + "," + std::to_string(pixel[1]) + "," +
                 std::to_string(pixel[2]) + " at column " + std::to_string(at / 3 % width) + ", row " +
                 std::to_string(at / 3 / width) + ", which no class of '" + path_.string() + "' has",
             "label images must be PNG files that were not blended or compressed with loss");
    }
    labels.push_back(known->second);
  }
  return labels;
}

}  // namespace telegrad::training
