#include "training/methods/named_tensors.h"

#include <string>

#include "sim/core/errors.h"

namespace telegrad::training {

bool fits(std::string_view pattern, std::string_view name) {
  std::size_t at = 0, in_name = 0;
  std::size_t star = std::string_view::npos, behind_star = 0;  // the last *, and the name that it leaves
  while (in_name < name.size()) {
    if (at < pattern.size() && pattern[at] == '*') {
      star = at++;
      behind_star = in_name;
    } else if (at < pattern.size() && pattern[at] == name[in_name]) {
      ++at;
      ++in_name;
    } else if (star != std::string_view::npos) {
      at = star + 1;
      in_name = ++behind_star;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', at) == std::string_view::npos;
}

std::vector<bool> named_tensors(const Value& patterns, const char* setting, const Layout& layout) {
  std::vector<bool> result(layout.tensors().size());
  for (const Value& pattern : patterns.items()) {
    bool any = false;
    std::string names;
    for (std::size_t i = 0; i < result.size(); ++i) {
      const std::string& name = layout.tensors()[i].name;
      if (fits(pattern.text(), name)) any = result[i] = true;
      names += (i == 0 ? "" : ", ") + name;
    }
    if (!any) {
      throw ScenarioError("", {{std::string("/compression/uplink/") + setting, 0, 0,
                                "no tensor of the model is called '" + pattern.text() + "'",
                                "name some of " + names + "; a * stands for anything"}});
    }
  }
  return result;
}

}  // namespace telegrad::training
