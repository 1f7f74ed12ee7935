#include "sim/core/errors.h"

#include <cstdio>
#include <cstdlib>

namespace telegrad {
namespace {

/// "file:3:7: /network/type: 'wify' is unknown (expected ...). did you mean 'wifi'?"
std::string render(const std::string& file, const std::vector<Problem>& problems) {
  std::string text;
  for (const Problem& problem : problems) {
    if (!text.empty()) text += '\n';
    text += problem.origin.empty() ? file : problem.origin;
    if (problem.line > 0) text += ':' + std::to_string(problem.line) + ':' + std::to_string(problem.column);
    text += ": ";
    if (!problem.pointer.empty()) text += problem.pointer + ": ";
    text += problem.message;
    if (!problem.remedy.empty()) text += "; " + problem.remedy;
  }
  return text;
}

}  // namespace

ScenarioError::ScenarioError(std::string file, std::vector<Problem> problems)
    : std::runtime_error(render(file, problems)), file_(std::move(file)), problems_(std::move(problems)) {}

const char* to_string(Failure failure) {
  switch (failure) {
    case Failure::stalled: return "stalled";
    case Failure::unreachable: return "unreachable";
    case Failure::connection_lost: return "connection_lost";
    case Failure::not_finite: return "not_finite";
    case Failure::bad_data: return "bad_data";
    case Failure::storage: return "storage";
    case Failure::internal: return "internal";
  }
  return "unknown";
}

void expect(bool condition, std::string_view what, std::source_location place) {
  if (condition) return;
  std::fprintf(stderr, "%s:%u: %s: broken expectation%s%.*s\n", place.file_name(), place.line(),
               place.function_name(), what.empty() ? "" : ": ", static_cast<int>(what.size()), what.data());
  std::abort();
}

}  // namespace telegrad
