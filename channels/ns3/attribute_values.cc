#include "channels/ns3/attribute_values.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <functional>
#include <optional>
#include <regex>
#include <sstream>
#include <vector>

#include "channels/ns3/attribute_objects.h"
#include "ns3/boolean.h"
#include "ns3/double.h"
#include "ns3/integer.h"
#include "ns3/nstime.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"
#include "sim/core/quote.h"

namespace telegrad::channels {

namespace {

using Attribute = ns3::TypeId::AttributeInformation;

std::string range_of(const Attribute& attribute) {
  const auto text = attribute.checker->GetUnderlyingTypeInformation();  // "uint32_t 0:4294967295"
  const auto space = text.find(' ');
  return space == std::string::npos ? text : text.substr(space + 1);
}

std::string checked(const Attribute& attribute, const ns3::AttributeValue& value, const std::string& shown) {
  if (attribute.checker->Check(value)) return {};
  return shown + " is out of range (expected " + range_of(attribute) + ")";
}

bool matches(const std::string& text, const char* pattern) {
  return std::regex_match(text, std::regex(pattern));
}

std::string boolean_mistake(const Attribute&, const Value& value, const std::string& text) {
  if (value.is_boolean() || text == "true" || text == "false") return {};
  return "expected true or false";
}

std::string real_mistake(const Attribute& attribute, const Value&, const std::string& text) {
  double number = 0;
  const auto end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  if (read.ec != std::errc{} || read.ptr != end || !std::isfinite(number)) return "expected a number";
  return checked(attribute, ns3::DoubleValue(number), text);
}

template <class Number, class Ns3Value>
std::string whole_mistake(const Attribute& attribute, const Value&, const std::string& text) {
  Number number = 0;
  const auto end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  if (read.ec == std::errc::result_out_of_range) {
    return text + " is out of range (expected " + range_of(attribute) + ")";
  }
  if (read.ec != std::errc{} || read.ptr != end) {
    return "expected a whole number in " + range_of(attribute);
  }
  return checked(attribute, Ns3Value(number), text);
}

std::string time_mistake(const Attribute& attribute, const Value&, const std::string& text) {
  if (!matches(text, R"([+-]?\d{1,15}(\.\d{1,15})?(e[+-]?\d{1,2})?(fs|ps|ns|us|ms|s|min|h))")) {
    return "expected a time with its unit, such as \"200ms\" (ns, us, ms, s, min, h)";
  }
  // ns-3 counts nanoseconds in 64 bits and ends the process where they overflow.
  std::size_t read = 0;
  const double number = std::stod(text, &read);
  const auto unit = text.substr(read);
  const double factor = unit == "h" ? 3600 : unit == "min" ? 60 : unit == "s" ? 1 : 1e-3;
  if (std::abs(number) * factor > 9e9) return text + " is out of range (expected less than 9e9 s)";
  return checked(attribute, ns3::TimeValue(ns3::Time(text)), text);
}

std::string text_mistake(const Attribute&, const Value& value, const std::string&) {
  return value.is_text() ? std::string{} : "expected a text";
}

std::string choice_mistake(const Attribute& attribute, const Value&, const std::string& text) {
  std::vector<std::string> names;
  std::istringstream list(attribute.checker->GetUnderlyingTypeInformation());  // "A|B|C"
  for (std::string name; std::getline(list, name, '|');) names.push_back(name);
  for (const auto& name : names) {
    if (name == text) return {};
  }
  return "expected " + one_of(names);
}

std::string mode_mistake(const Attribute&, const Value&, const std::string& text) {
  constexpr auto kModes =
      "DsssRate(1|2|5_5|11)Mbps|(Erp)?OfdmRate(6|9|12|18|24|36|48|54)Mbps|HtMcs([0-9]|[12][0-9]|3[01])|"
      "VhtMcs[0-9]|HeMcs([0-9]|1[01])|EhtMcs([0-9]|1[0-3])";
  if (matches(text, kModes)) return {};
  return "expected the name of a Wi-Fi mode, such as \"OfdmRate24Mbps\" or \"HeMcs4\"";
}

std::string data_rate_mistake(const Attribute&, const Value&, const std::string& text) {
  if (matches(text, R"(\d{1,12}(\.\d{1,9})?([kKMG]?(bps|b/s|Bps|B/s)))")) return {};
  return "expected a data rate with its unit, such as \"5Mbps\"";
}

std::string queue_size_mistake(const Attribute&, const Value&, const std::string& text) {
  if (matches(text, R"(\d{1,9}(p|B|kB|KB|MB|KiB|MiB))")) return {};
  return "expected a queue size in packets or bytes, such as \"500p\" or \"64kB\"";
}

std::string network_name_mistake(const Attribute&, const Value& value, const std::string& text) {
  return value.is_text() && text.size() <= 32 ? std::string{} : "expected a text of at most 32 bytes";
}

std::string hardware_address_mistake(const Attribute&, const Value&, const std::string& text) {
  if (matches(text, "([0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2}")) return {};
  return "expected an address such as \"00:11:22:33:44:55\"";
}

struct Rule {
  const char* value_type;  // as ns-3 names it; a trailing < stands for any parameters of a template
  std::string (*mistake)(const Attribute&, const Value&, const std::string&);
};

constexpr std::array kRules{
    Rule{"ns3::BooleanValue", boolean_mistake},
    Rule{"ns3::DoubleValue", real_mistake},
    Rule{"ns3::IntegerValue", whole_mistake<std::int64_t, ns3::IntegerValue>},
    Rule{"ns3::UintegerValue", whole_mistake<std::uint64_t, ns3::UintegerValue>},
    Rule{"ns3::TimeValue", time_mistake},
    Rule{"ns3::StringValue", text_mistake},
    Rule{"ns3::EnumValue<", choice_mistake},
    Rule{"ns3::WifiModeValue", mode_mistake},
    Rule{"ns3::DataRateValue", data_rate_mistake},
    Rule{"ns3::QueueSizeValue", queue_size_mistake},
    Rule{"ns3::SsidValue", network_name_mistake},
    Rule{"ns3::Mac48AddressValue", hardware_address_mistake},
    Rule{"ns3::TypeIdValue", class_mistake},
    Rule{"ns3::PointerValue", object_mistake},
};

}  // namespace

std::string attribute_text(const Value& value) {
  if (value.is_boolean()) return value.boolean() ? "true" : "false";
  if (value.is_integer()) return std::to_string(value.integer());
  if (value.is_text()) return value.text();
  if (!value.is_number()) return "list";
  char text[32];
  std::snprintf(text, sizeof text, "%.17g", value.number());
  return text;
}

std::string attribute_mistake(const Attribute& attribute, const Value& value) {
  constexpr auto needed = ns3::TypeId::ATTR_CONSTRUCT;
  if ((attribute.flags & needed) == 0 || attribute.supportLevel == ns3::TypeId::SupportLevel::OBSOLETE) {
    return "cannot be set before ns-3 builds the object";
  }
  if (!value.is_boolean() && !value.is_number() && !value.is_text()) {
    return "expected a number, a text, true or false";
  }
  const auto type = attribute.checker->GetValueTypeName();
  for (const auto& rule : kRules) {
    const std::string_view name = rule.value_type;
    const bool fits = name.ends_with('<') ? type.starts_with(name) : type == name;
    if (fits) return rule.mistake(attribute, value, attribute_text(value));
  }
  return "holds a " + type + ", which a scenario cannot write";
}

}  // namespace telegrad::channels
