#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "ns3/type-id.h"
#include "sim/core/value.h"

namespace telegrad::channels {

/// Rules of attribute_values.h for attributes that name a class of ns-3, "ns3::TcpBbr" ...
std::string class_mistake(const ns3::TypeId::AttributeInformation& attribute, const Value& value,
                          const std::string& text);

/// ... or describe an object of one, "ns3::RateErrorModel[ErrorRate=0.1|ErrorUnit=ERROR_UNIT_PACKET]".
std::string object_mistake(const ns3::TypeId::AttributeInformation& attribute, const Value& value,
                           const std::string& text);

/// "Unknown class, did you mean ...": the words for a name that ns-3 does not have.
std::string unknown_class(const std::string& name);

/// The attribute's place in a class or in one it inherits from; `owner` becomes the class that declares it.
bool find_attribute(ns3::TypeId& owner, const std::string& name, std::size_t& index);

/// Names of a class's attributes, inherited ones too.
std::vector<std::string> attribute_names(ns3::TypeId type);

}  // namespace telegrad::channels
