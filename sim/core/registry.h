#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "sim/core/errors.h"
#include "sim/core/parameter.h"

namespace telegrad {

/// What the user sees of a registered thing. `check` finds what a table cannot say (ratio or k, not both); it
/// adds problems with pointers relative to the object, "/k".
struct Description {
  std::string name;     // the `type` in a scenario
  std::string summary;  // one line
  std::string source;   // paper or standard, may be empty
  Table parameters;
  std::string example;  // a JSON object that resolves, type included
  std::function<void(const Value& resolved, std::vector<Problem>&)> check = nullptr;
  std::string formula = {};              // what it costs, in the literature's terms: "k (32 + b) bits"
  std::vector<std::string> traits = {};  // what it promises, in words that tests look up
};

/// A named list of descriptions: "networks", "models".
struct Catalogue {
  std::string name;
  std::string summary;
  std::vector<Description> entries;

  const Description* find(std::string_view type) const;
};

/// All catalogues of this program, by name; the scenario door asks it about every object with a `type`.
class Catalogues {
 public:
  void add(Catalogue catalogue);
  const Catalogue& at(std::string_view name) const;  // absence is our bug
  const Catalogue* find(std::string_view name) const;
  const std::map<std::string, Catalogue, std::less<>>& all() const { return by_name_; }

 private:
  std::map<std::string, Catalogue, std::less<>> by_name_;
};

/// A registered thing: its description and how to make it.
template <class Make>
struct Entry {
  Description about;
  Make make;
};

/// The entries of a folder, as its list.def names them.
template <class Make>
class Registry {
 public:
  Registry(std::string name, std::string summary, std::vector<Entry<Make>> entries)
      : name_(std::move(name)), summary_(std::move(summary)), entries_(std::move(entries)) {}

  const std::vector<Entry<Make>>& entries() const { return entries_; }

  /// The entry of an object whose `type` was already checked by the door.
  const Entry<Make>& at(std::string_view type) const {
    for (const auto& entry : entries_) {
      if (entry.about.name == type) return entry;
    }
    expect(false, "a registered type");
    return entries_.front();
  }

  /// Makes what a resolved object describes.
  template <class... Arguments>
  auto make(const Value& resolved, Arguments&&... arguments) const {
    return at(resolved["type"].text()).make(resolved, std::forward<Arguments>(arguments)...);
  }

  Catalogue catalogue() const {
    Catalogue list{name_, summary_, {}};
    for (const auto& entry : entries_) list.entries.push_back(entry.about);
    return list;
  }

 private:
  std::string name_;
  std::string summary_;
  std::vector<Entry<Make>> entries_;
};

}  // namespace telegrad
