// From a grid file to a Grid: everything wrong with it at once.

#include <algorithm>

#include "sim/core/expectation.h"
#include "sim/core/json.h"
#include "sim/core/pointer.h"
#include "sim/core/quote.h"
#include "sim/core/resolve.h"
#include "sim/sweep/grid_axes.h"

namespace telegrad::sweep {
namespace {

constexpr std::int64_t kLargestSeed = 4294967295;
constexpr std::size_t kMostCells = 100'000;
constexpr const char* kLearningRate = "/training/optimizer/learning_rate";

class Reader {
 public:
  Reader(const std::filesystem::path& file, std::vector<Problem>& problems)
      : file_(file), problems_(problems) {}

  Grid read(const Value& user) {
    Grid grid;
    grid.source = user;
    Value settings = user;
    if (settings.is_object()) {
      std::erase_if(settings.members(), [](const Member& member) { return member.key == "$schema"; });
    }
    Value plain = resolve(settings, grid_table(), Catalogues(), problems_);
    if (const Value* name = plain.find("name")) grid.name = name->text();
    if (const Value* targets = plain.find("targets")) {
      for (const Value& target : targets->items()) grid.targets.push_back(target.number());
    }
    if (const Value* limits = plain.find("limits")) {
      auto limit = [&](const char* key) { return limits->find(key) ? (*limits)[key].number() : 0.0; };
      grid.limits = {limit("memory_mb"), limit("wall_s"), limit("stall_s")};
    }
    if (const Value* base = plain.find("base")) read_base(*base, grid);
    if (const Value* axes = plain.find("axes")) grid.axes = read_axes(*axes, problems_);
    if (const Value* seeds = plain.find("seeds")) read_seeds(*seeds, grid);
    if (const Value* rules = plain.find("exclude")) grid.exclude = read_exclude(*rules, grid.axes, problems_);
    choose_axes(plain, grid);
    if (const Value* tune = plain.find("tune")) read_tune(*tune, grid);
    count_cells(grid);
    return grid;
  }

 private:
  void problem(std::string at, std::string message, std::string remedy = {}) {
    problems_.push_back(Problem{std::move(at), 0, 0, std::move(message), std::move(remedy)});
  }
  void mismatch(const std::string& at, const char* expected, const Value& found) {
    problem(at, std::string("expected ") + expected + ", found " + description_of(found));
  }

  void read_base(const Value& base, Grid& grid) {
    if (base.is_object()) {
      grid.base = base;
      grid.base_file = file_.string();
      return;
    }
    if (!base.is_text()) return mismatch("/base", "a scenario or the name of its file", base);
    std::filesystem::path path = file_.parent_path() / base.text();
    grid.base_file = path.string();
    Parsed parsed = read_json(path);
    for (const Problem& found : parsed.problems) {
      std::string place = found.line > 0 ? ":" + std::to_string(found.line) : "";
      problem("/base", grid.base_file + place + ": " + found.message, found.remedy);
    }
    grid.base = std::move(parsed.value);
    if (parsed.complete && !grid.base.is_object()) mismatch("/base", "a file with a scenario", grid.base);
  }

  void read_seeds(const Value& seeds, Grid& grid) {
    if (seeds.is_integer()) {
      if (seeds.integer() < 1 || seeds.integer() > 1000) {
        return problem("/seeds", plain_number(seeds.number()) + " is out of range, expected 1 to 1000");
      }
      for (std::uint32_t i = 1; i <= seeds.integer(); ++i) grid.seeds.push_back({i, i});
      return;
    }
    if (!seeds.is_array() || seeds.items().empty()) {
      return mismatch("/seeds", "their number, or a list of [training, network]", seeds);
    }
    auto fits = [](const Value& seed) {
      return seed.is_integer() && seed.integer() >= 0 && seed.integer() <= kLargestSeed;
    };
    for (std::size_t i = 0; i < seeds.items().size(); ++i) {
      const Value& pair = seeds.items()[i];
      std::string at = "/seeds/" + std::to_string(i);
      if (!pair.is_array() || pair.items().size() != 2 || !fits(pair.items()[0]) || !fits(pair.items()[1])) {
        mismatch(at, "[training seed, network seed]", pair);
        continue;
      }
      Seeds read{static_cast<std::uint32_t>(pair.items()[0].integer()),
                 static_cast<std::uint32_t>(pair.items()[1].integer())};
      if (std::find(grid.seeds.begin(), grid.seeds.end(), read) != grid.seeds.end()) {
        problem(at, "the same pair stands there already");
      }
      grid.seeds.push_back(read);
    }
  }

  /// Methods: what changes the compression; networks: what changes the network; unless the grid says so.
  void choose_axes(const Value& plain, Grid& grid) {
    auto chosen = [&](const char* key, const char* section) -> std::optional<std::size_t> {
      if (const Value* name = plain.find(key)) {
        const Axis* axis = axis_named(name->text(), std::string("/") + key, grid.axes, problems_);
        if (axis == nullptr) return std::nullopt;
        return static_cast<std::size_t>(axis - grid.axes.data());
      }
      for (std::size_t i = 0; i < grid.axes.size(); ++i) {
        const auto& pointers = grid.axes[i].pointers;
        bool moves = std::any_of(pointers.begin(), pointers.end(),
                                 [&](const std::string& pointer) { return lies_within(pointer, section); });
        if (moves) return i;
      }
      return std::nullopt;
    };
    grid.method_axis = chosen("method_axis", "/compression");
    grid.network_axis = chosen("network_axis", "/network");
  }

  void read_tune(const Value& tune, Grid& grid) {
    std::vector<std::string> methods =
        grid.method_axis ? grid.axes[*grid.method_axis].labels : std::vector<std::string>{"all"};
    Tune read{.pointer = tune["pointer"].text(), .values = {}};
    check_pointer(read.pointer, "/tune/pointer", problems_);
    const Value& values = tune["values"];
    if (values.is_array()) {
      std::vector<double> rates = numbers(values, "/tune/values");
      for (const std::string& method : methods) read.values[method] = rates;
    } else if (values.is_object()) {
      for (const Member& member : values.members()) {
        std::string at = "/tune/values/" + escape_step(member.key);
        if (std::find(methods.begin(), methods.end(), member.key) == methods.end()) {
          problem(at, "there is no method " + quote(member.key), "expected " + one_of(quote_all(methods)));
        }
        read.values[member.key] = numbers(member.value, at);
      }
    } else {
      mismatch("/tune/values", "a list of learning rates, or one for each method", values);
    }
    grid.tune = std::move(read);
  }

  std::vector<double> numbers(const Value& list, const std::string& at) {
    std::vector<double> all;
    bool fits = list.is_array() && !list.items().empty();
    if (fits) {
      for (const Value& one : list.items()) {
        fits = fits && one.is_number();
        if (one.is_number()) all.push_back(one.number());
      }
    }
    if (!fits) mismatch(at, "a list of numbers", list);
    return all;
  }

  void count_cells(const Grid& grid) {
    std::size_t cells = grid.seeds.size();
    for (const Axis& axis : grid.axes) {
      cells *= axis.labels.size();
      if (cells <= kMostCells) continue;
      return problem("/axes", "more than " + std::to_string(kMostCells) + " cells", "split the grid");
    }
  }

  const std::filesystem::path& file_;
  std::vector<Problem>& problems_;
};

}  // namespace

Table grid_table() {
  Table limits{
      real("memory_mb", "of one cell's process; 0: none").at_least(0).measured_in("MB").otherwise(0.0),
      real("wall_s", "host time of one cell; 0: none").at_least(0).measured_in("s").otherwise(0.0),
      real("stall_s", "host time of a cell without a sign of life; 0: none")
          .at_least(0)
          .measured_in("s")
          .otherwise(600.0)};
  Table tune{text("pointer", "the setting that is tuned").of_length(1, 1000).otherwise(kLearningRate),
             anything("values", "what is tried: a list for all methods, or {method: list}")};
  return {text("name", "names the sweep in its results").of_length(1, 100),
          anything("base", "the scenario that all cells share: an object, or a file beside this one"),
          anything("axes", "what varies: {\"/pointer\": [values]} or {name: {label: {\"/pointer\": value}}}"),
          anything("exclude", "cells to leave out: [{axis: label or labels}]").optional(),
          anything("seeds", "how many, or pairs [training, network]; the same in all cells").otherwise(5),
          reals("targets", "accuracies whose time is compared").over(0, 1).of_length(1, 100),
          object("tune", std::move(tune), "learning rates to try for each method").optional(),
          text("method_axis", "the axis that figures compare; left out: the one that changes /compression")
              .of_length(1, 1000)
              .optional(),
          text("network_axis", "the axis that figures compare over; left out: the one that changes /network")
              .of_length(1, 1000)
              .optional(),
          object("limits", std::move(limits), "of the host, for each cell").otherwise_json("{}")};
}

Grid read_grid(const Value& user, const std::filesystem::path& file, std::vector<Problem>& problems) {
  return Reader(file, problems).read(user);
}

}  // namespace telegrad::sweep
