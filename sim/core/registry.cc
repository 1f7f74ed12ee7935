#include "sim/core/registry.h"

namespace telegrad {

const Description* Catalogue::find(std::string_view type) const {
  for (const Description& entry : entries) {
    if (entry.name == type) return &entry;
  }
  return nullptr;
}

void Catalogues::add(Catalogue catalogue) {
  std::string name = catalogue.name;
  bool added = by_name_.emplace(std::move(name), std::move(catalogue)).second;
  expect(added, "catalogues have distinct names");
}

const Catalogue* Catalogues::find(std::string_view name) const {
  auto at = by_name_.find(name);
  return at == by_name_.end() ? nullptr : &at->second;
}

const Catalogue& Catalogues::at(std::string_view name) const {
  const Catalogue* catalogue = find(name);
  expect(catalogue != nullptr, name);
  return *catalogue;
}

}  // namespace telegrad
