#include "tests/fuzz/json_door.h"

#include <algorithm>
#include <string_view>

#include "sim/core/json.h"
#include "sim/core/resolve.h"

namespace telegrad {
namespace {

Table table() {
  return {integer("a", "an integer").in(-5, 5).optional(), real("b", "a real").optional(),
          text("c", "a text").of_length(0, 4).otherwise("x"), points("p", "points").optional(),
          object("o", {map("m", "a map").optional(), reals("r", "a list").over(0, 1).optional()}, "an object")
              .otherwise_json("{}")};
}

void check_places(const std::vector<Problem>& problems, std::string_view text) {
  auto lines = 1 + std::count(text.begin(), text.end(), '\n');
  for (const Problem& problem : problems) {
    expect(problem.line >= 0 && problem.line <= lines, "a line of the text");
    expect(problem.column >= 0 && static_cast<std::size_t>(problem.column) <= text.size() + 1,
           "a column of the text");
    expect(!problem.message.empty(), "a message");
  }
}

}  // namespace

void check_json_door(const std::uint8_t* bytes, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(bytes), size);
  Parsed parsed = parse_json(text);
  expect(parsed.complete || !parsed.problems.empty(), "a value or a problem");
  check_places(parsed.problems, text);
  if (!parsed.complete) return;
  if (parsed.problems.empty()) {
    Parsed again = parse_json(dump_json(parsed.value, static_cast<int>(size % 3)));
    expect(again.problems.empty() && again.value == parsed.value, "a dump that reads back as the same");
  }
  std::vector<Problem> problems;
  Value resolved = resolve(parsed.value, table(), {}, problems);
  locate(problems, parsed.value);
  check_places(problems, text);
  if (!problems.empty()) return;
  Value twice = resolve(resolved, table(), {}, problems);
  expect(problems.empty() && twice == resolved, "a resolved value resolves to itself");
}

}  // namespace telegrad
