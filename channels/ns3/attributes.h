#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "sim/core/errors.h"
#include "sim/core/value.h"

namespace telegrad::channels {

/// Defaults of ns-3's own attributes, "ns3::Class::Attribute" -> value as ns-3 writes it.
using AttributeTexts = std::vector<std::pair<std::string, std::string>>;

/// Attributes that a parameter of the scenario sets: attribute -> what to set instead.
using OwnedAttributes = std::map<std::string, std::string, std::less<>>;

/// Finds what is wrong with a resolved object {"ns3::Class::Attribute": value}: unknown names, values of the
/// wrong type or out of range, attributes that belong to a parameter. Nothing of ns-3 is built, and no text
/// reaches an ns-3 parser that would end the process. Pointers are "/ns3::Class::Attribute".
std::vector<Problem> check_attributes(const Value& attributes, const OwnedAttributes& owned);

/// The same object as texts; it must have passed the check.
AttributeTexts attribute_texts(const Value& attributes);

/// Changes ns-3's default values and puts them back when destroyed. Later entries win.
class AttributeDefaults final {
 public:
  explicit AttributeDefaults(const AttributeTexts& texts);
  ~AttributeDefaults();
  AttributeDefaults(const AttributeDefaults&) = delete;
  AttributeDefaults& operator=(const AttributeDefaults&) = delete;

 private:
  std::vector<std::pair<std::string, std::size_t>> changed_;  // class, index of the attribute
};

}  // namespace telegrad::channels
