#include "sim/sweep/grid.h"

#include <gmock/gmock.h>

#include "sim/core/json.h"

namespace telegrad::sweep {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* kGrid = R"({
  "name": "g", "base": {"workers": 2, "compression": {"uplink": {"type": "dense"}}},
  "axes": {"/network/device_rate_mbps": [1, 2.5, null],
           "method": {"dense": {"/compression/uplink": {"type": "dense"}, "/lr": 1},
                      "top": {"/compression/uplink": {"type": "top_k"}, "/lr": null}}},
  "exclude": [{"method": "top", "device_rate_mbps": [1, null]}],
  "seeds": [[1, 7], [2, 8]], "targets": [0.7]})";

Grid read(const std::string& text, std::vector<Problem>& problems) {
  Parsed parsed = parse_json(text);
  EXPECT_TRUE(parsed.complete) << text;
  return read_grid(parsed.value, "grid.json", problems);
}

Grid sound(const std::string& text) {
  std::vector<Problem> problems;
  Grid grid = read(text, problems);
  for (const Problem& problem : problems) ADD_FAILURE() << problem.pointer << ": " << problem.message;
  return grid;
}

/// A sound grid with one member replaced.
std::vector<std::string> complaints(const char* key, const std::string& value) {
  Value grid = parse_json(kGrid).value;
  grid.set(key, parse_json(value).value);
  std::vector<Problem> problems;
  read_grid(grid, "grid.json", problems);
  std::vector<std::string> texts;
  for (const Problem& problem : problems) {
    texts.push_back(problem.pointer + ": " + problem.message + "; " + problem.remedy);
  }
  return texts;
}

TEST(Grid, HasACellForEveryCombinationThatIsNotExcludedSeedBySeed) {
  Grid grid = sound(kGrid);
  std::vector<std::string> names;
  for (const Cell& cell : grid.cells()) names.push_back(grid.name_of(cell));
  EXPECT_THAT(
      names,
      ElementsAre(
          "device_rate_mbps 1, method dense, seeds 1/7", "device_rate_mbps 2.5, method dense, seeds 1/7",
          "device_rate_mbps 2.5, method top, seeds 1/7", "device_rate_mbps none, method dense, seeds 1/7",
          "device_rate_mbps 1, method dense, seeds 2/8", "device_rate_mbps 2.5, method dense, seeds 2/8",
          "device_rate_mbps 2.5, method top, seeds 2/8", "device_rate_mbps none, method dense, seeds 2/8"));
  EXPECT_EQ(grid.cells()[3].number, 3u);
}

TEST(Grid, ACellIsItsBaseWithWhatItsLabelsMove) {
  Cell cell = sound(kGrid).cells()[2];
  EXPECT_EQ(cell.scenario["network"]["device_rate_mbps"].number(), 2.5);
  EXPECT_EQ(cell.scenario["compression"]["uplink"]["type"].text(), "top_k");
  EXPECT_EQ(cell.scenario.find("lr"), nullptr) << "null removes a key";
  EXPECT_EQ(cell.scenario["seeds"]["network"].integer(), 7);
  EXPECT_EQ(cell.scenario["evaluation"]["targets"].items().front().number(), 0.7);
}

TEST(Grid, MethodsAndNetworksAreFoundByWhatTheyChange) {
  Grid grid = sound(kGrid);
  EXPECT_EQ(grid.method_axis, 1u);
  EXPECT_EQ(grid.network_axis, 0u);
}

TEST(Grid, ANumberOfSeedsPairsThem) {
  Value grid = parse_json(kGrid).value;
  grid.set("seeds", 3);
  std::vector<Problem> problems;
  EXPECT_THAT(read_grid(grid, "g", problems).seeds, ElementsAre(Seeds{1, 1}, Seeds{2, 2}, Seeds{3, 3}));
}

TEST(Grid, TunesEveryMethodWithOneListOrEachWithItsOwn) {
  Value grid = parse_json(kGrid).value;
  grid.set("tune", parse_json(R"({"values": [0.1, 0.2]})").value);
  std::vector<Problem> problems;
  EXPECT_THAT(read_grid(grid, "g", problems).tune->values["top"], ElementsAre(0.1, 0.2));
  grid.set("tune", parse_json(R"({"values": {"dense": [1]}})").value);
  EXPECT_THAT(read_grid(grid, "g", problems).tune->values["dense"], ElementsAre(1));
  EXPECT_TRUE(problems.empty());
}

TEST(Grid, SaysWhatIsWrongAndWhere) {
  struct Case {
    const char* key;
    const char* value;
    const char* complaint;
  };
  for (const Case& wrong : {
           Case{"axes", R"([1])", "/axes: expected an object"},
           Case{"axes", R"({"/a": []})", "/axes/~1a: has no values"},
           Case{"axes", R"({"/a": 3})", "/axes/~1a: expected a list of values, found 3"},
           Case{"axes", R"({"/a": [1, 1.0]})", "holds the same value twice"},
           Case{"axes", R"({"m": {"x": {"a": 1}}})", "'a' is no JSON pointer"},
           Case{"axes", R"({"m": {"x": {"/a": 1}, "y": {"/b": 1}}})", "lacks '/b'"},
           Case{"axes", R"({"m": {"x": 1}})", "/axes/m/x: expected an object {pointer: value}"},
           Case{"axes", R"({"/a": [1], "m": {"x": {"/a": 1}}})", "another axis moves '/a' already"},
           Case{"axes", R"({"/seeds/training": [1]})", "seeds are no axis"},
           Case{"axes", R"({"/evaluation/targets": [[0.5]]})", "targets are no axis"},
           Case{"exclude", R"([{"methods": "top"}])", "there is no axis 'methods'"},
           Case{"exclude", R"([{"method": "tops"}])", "axis 'method' has no 'tops'; it has 'dense' or 'top'"},
           Case{"exclude", R"([{}])", "/exclude/0: expected an object {axis: label or labels}"},
           Case{"seeds", "0", "/seeds: 0 is out of range"},
           Case{"seeds", "[[1]]", "/seeds/0: expected [training seed, network seed]"},
           Case{"seeds", "[[1, 1], [1, 1]]", "/seeds/1: the same pair"},
           Case{"targets", "[]", "/targets: its length is 0"},
           Case{"targets", "[1.5]", "/targets/0: 1.5 is out of range"},
           Case{"tune", R"({"values": {"tops": [1]}})", "there is no method 'tops'"},
           Case{"tune", R"({"values": []})", "/tune/values: expected a list of numbers"},
           Case{"tune", R"({"values": [1], "pointer": "lr"})", "'lr' is no JSON pointer"},
           Case{"method_axis", R"("nets")", "/method_axis: there is no axis 'nets'"},
           Case{"base", "3", "/base: expected a scenario or the name of its file"},
           Case{"base", R"("missing.json")", "missing.json"},
           Case{"axis", "{}", "/axis: unknown key 'axis'"},
       }) {
    EXPECT_THAT(complaints(wrong.key, wrong.value), testing::Contains(HasSubstr(wrong.complaint)))
        << wrong.key << ": " << wrong.value;
  }
}

TEST(Grid, TellsEverythingThatIsWrongAtOnce) {
  std::vector<Problem> problems;
  read(R"({"name": 1, "axes": {"/a": []}, "seeds": 0, "targets": [2], "base": {}})", problems);
  EXPECT_EQ(problems.size(), 4u);
}

TEST(Grid, SurvivesWhatIsNoGrid) {
  for (const char* text : {"[]", "1", "null", "{}", R"({"axes": null, "seeds": null, "tune": null})"}) {
    std::vector<Problem> problems;
    read(text, problems);
    EXPECT_FALSE(problems.empty()) << text;
  }
}

TEST(Grid, RefusesAnUnboundedNumberOfCells) {
  std::string values = "[0";
  for (int i = 1; i < 400; ++i) values += "," + std::to_string(i);
  auto found = complaints("axes", R"({"/a": )" + values + R"(], "/b": )" + values + "]}");
  EXPECT_THAT(found, testing::Contains(HasSubstr("more than 100000 cells")));
}

}  // namespace
}  // namespace telegrad::sweep
