#pragma once

#include <string>

#include "ns3/type-id.h"
#include "sim/core/value.h"

namespace telegrad::channels {

/// The value as the text that ns-3 reads.
std::string attribute_text(const Value& value);

/// What is wrong with a value for this attribute, empty when nothing is. ns-3's parsers end the process on some
/// texts, so each kind of value is checked by rules of our own before ns-3's checker sees it.
std::string attribute_mistake(const ns3::TypeId::AttributeInformation& attribute, const Value& value);

}  // namespace telegrad::channels
