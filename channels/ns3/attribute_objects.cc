#include "channels/ns3/attribute_objects.h"

#include <vector>

#include "channels/ns3/attribute_values.h"
#include "ns3/object-base.h"
#include "ns3/object.h"
#include "ns3/string.h"
#include "ns3/type-id.h"
#include "sim/core/quote.h"

namespace telegrad::channels {

namespace {

/// The class below ns3::Object that this one descends from: what can stand in for what.
ns3::TypeId family_of(ns3::TypeId type) {
  const auto object = ns3::Object::GetTypeId();
  const auto base = ns3::ObjectBase::GetTypeId();
  while (type.HasParent() && type.GetParent() != object && type.GetParent() != base) type = type.GetParent();
  return type;
}

/// The class's name out of "ns3::Ptr< ns3::ErrorModel >".
std::string pointee(const std::string& pointer) {
  const auto open = pointer.find('<');
  const auto close = pointer.rfind('>');
  if (open == std::string::npos || close == std::string::npos) return pointer;
  auto name = pointer.substr(open + 1, close - open - 1);
  const auto first = name.find_first_not_of(' ');
  const auto last = name.find_last_not_of(' ');
  return first == std::string::npos ? name : name.substr(first, last - first + 1);
}

/// Splits "A=1|B=ns3::X[C=2|D=3]" at the bars outside of brackets.
std::vector<std::string> split_members(const std::string& text) {
  std::vector<std::string> members(1);
  int depth = 0;
  for (const char letter : text) {
    depth += letter == '[' ? 1 : letter == ']' ? -1 : 0;
    if (letter == '|' && depth == 0) {
      members.emplace_back();
    } else {
      members.back() += letter;
    }
  }
  return members;
}

std::string members_mistake(ns3::TypeId type, const std::string& inside) {
  for (const auto& member : split_members(inside)) {
    const auto equals = member.find('=');
    if (equals == std::string::npos)
      return "expected Attribute=value between the brackets, got " + quote(member);
    const auto name = member.substr(0, equals);
    auto owner = type;
    std::size_t index = 0;
    if (!find_attribute(owner, name, index)) {
      const auto meant = nearest(name, attribute_names(type));
      return type.GetName() + " has no attribute " + quote(name) +
             (meant ? " (did you mean " + *meant + "?)" : "");
    }
    const auto mistake = attribute_mistake(owner.GetAttribute(index), Value(member.substr(equals + 1)));
    if (!mistake.empty()) return name + ": " + mistake;
  }
  return {};
}

}  // namespace

std::string unknown_class(const std::string& name) {
  std::vector<std::string> names;
  for (std::uint16_t i = 0; i < ns3::TypeId::GetRegisteredN(); ++i) {
    names.push_back(ns3::TypeId::GetRegistered(i).GetName());
  }
  const auto meant = nearest(name, names);
  return "ns-3 has no class " + quote(name) + (meant ? " (did you mean " + *meant + "?)" : "");
}

bool find_attribute(ns3::TypeId& owner, const std::string& name, std::size_t& index) {
  for (auto type = owner;; type = type.GetParent()) {
    for (std::size_t i = 0; i < type.GetAttributeN(); ++i) {
      if (type.GetAttribute(i).name != name) continue;
      owner = type;
      index = i;
      return true;
    }
    if (!type.HasParent() || type.GetParent() == type) return false;
  }
}

std::vector<std::string> attribute_names(ns3::TypeId type) {
  std::vector<std::string> names;
  for (;; type = type.GetParent()) {
    for (std::size_t i = 0; i < type.GetAttributeN(); ++i) names.push_back(type.GetAttribute(i).name);
    if (!type.HasParent() || type.GetParent() == type) return names;
  }
}

std::string class_mistake(const ns3::TypeId::AttributeInformation& attribute, const Value&,
                          const std::string& text) {
  ns3::TypeId named;
  if (!ns3::TypeId::LookupByNameFailSafe(text, &named)) return unknown_class(text);
  if (!named.HasConstructor()) return text + " is abstract";
  ns3::TypeId usual;
  const auto initial = attribute.originalInitialValue->SerializeToString(attribute.checker);
  if (!ns3::TypeId::LookupByNameFailSafe(initial, &usual)) return {};
  const auto family = family_of(usual);
  if (named.IsChildOf(family)) return {};
  return text + " is no " + family.GetName();
}

std::string object_mistake(const ns3::TypeId::AttributeInformation& attribute, const Value& value,
                           const std::string& text) {
  if (!value.is_text()) return "expected an object such as \"ns3::Class[Attribute=value]\"";
  const auto open = text.find('[');
  const auto name = text.substr(0, open);
  ns3::TypeId named;
  if (!ns3::TypeId::LookupByNameFailSafe(name, &named)) return unknown_class(name);
  if (!named.HasConstructor()) return name + " is abstract";
  ns3::TypeId wanted;
  const auto wanted_name = pointee(attribute.checker->GetUnderlyingTypeInformation());
  if (ns3::TypeId::LookupByNameFailSafe(wanted_name, &wanted) && named != wanted &&
      !named.IsChildOf(wanted)) {
    return name + " is no " + wanted_name;
  }
  if (open == std::string::npos) return {};
  if (!text.ends_with(']')) return "the closing ] is missing";
  return members_mistake(named, text.substr(open + 1, text.size() - open - 2));
}

}  // namespace telegrad::channels
