#include "channels/ns3/attributes.h"

#include "channels/ns3/attribute_objects.h"
#include "channels/ns3/attribute_values.h"
#include "ns3/pointer.h"
#include "ns3/string.h"
#include "ns3/type-id.h"
#include "sim/core/pointer.h"
#include "sim/core/quote.h"

namespace telegrad::channels {

namespace {

struct Place {
  ns3::TypeId type;
  std::size_t index = 0;
};

/// The attribute of that name, or why there is none.
std::string locate(const std::string& name, Place& place) {
  const auto split = name.rfind("::");
  if (split == std::string::npos) return "expected \"ns3::Class::Attribute\"";
  const auto class_name = name.substr(0, split);
  const auto attribute = name.substr(split + 2);
  if (!ns3::TypeId::LookupByNameFailSafe(class_name, &place.type)) return unknown_class(class_name);
  const auto asked = place.type;
  if (!find_attribute(place.type, attribute, place.index)) {
    const auto meant = nearest(attribute, attribute_names(asked));
    return class_name + " has no attribute " + quote(attribute) +
           (meant ? " (did you mean " + class_name + "::" + *meant + "?)" : "");
  }
  if (place.type != asked) {
    return "this attribute belongs to a base class: write " + place.type.GetName() + "::" + attribute;
  }
  return {};
}

}  // namespace

std::vector<Problem> check_attributes(const Value& attributes, const OwnedAttributes& owned) {
  std::vector<Problem> problems;
  for (const auto& [name, value] : attributes.members()) {
    Problem problem;
    problem.pointer = "/" + escape_step(name);
    problem.line = value.line;
    problem.column = value.column;
    Place place;
    if (const auto owner = owned.find(name); owner != owned.end()) {
      problem.message = "set " + owner->second + " instead of " + name;
    } else {
      problem.message = locate(name, place);
      if (problem.message.empty()) {
        const auto mistake = attribute_mistake(place.type.GetAttribute(place.index), value);
        if (!mistake.empty()) problem.message = quote(attribute_text(value)) + ": " + mistake;
      }
    }
    if (!problem.message.empty()) problems.push_back(std::move(problem));
  }
  return problems;
}

AttributeTexts attribute_texts(const Value& attributes) {
  AttributeTexts texts;
  for (const auto& [name, value] : attributes.members()) texts.emplace_back(name, attribute_text(value));
  return texts;
}

AttributeDefaults::AttributeDefaults(const AttributeTexts& texts) {
  for (const auto& [name, text] : texts) {
    Place place;
    const auto mistake = locate(name, place);
    expect(mistake.empty(), name);
    const auto attribute = place.type.GetAttribute(place.index);
    ns3::Ptr<const ns3::AttributeValue> value = ns3::Create<ns3::StringValue>(text);
    // A pointer stays a text, so that each object gets one of its own.
    if (attribute.checker->GetValueTypeName() != "ns3::PointerValue") {
      value = attribute.checker->CreateValidValue(ns3::StringValue(text));
      expect(value != nullptr, name);
    }
    place.type.SetAttributeInitialValue(place.index, value);
    changed_.emplace_back(place.type.GetName(), place.index);
  }
}

AttributeDefaults::~AttributeDefaults() {
  for (const auto& [name, index] : changed_) {
    auto type = ns3::TypeId::LookupByName(name);
    type.SetAttributeInitialValue(index, type.GetAttribute(index).originalInitialValue);
  }
}

}  // namespace telegrad::channels
