#include "sim/core/parameter.h"

namespace telegrad {

Parameter Parameter::in(double low, double high) && {
  minimum = low;
  maximum = high;
  return std::move(*this);
}

Parameter Parameter::over(double low, double high) && {
  minimum_excluded = true;
  return std::move(*this).in(low, high);
}

Parameter Parameter::at_least(double low) && {
  minimum = low;
  return std::move(*this);
}

Parameter Parameter::above(double low) && {
  minimum_excluded = true;
  return std::move(*this).at_least(low);
}

Parameter Parameter::measured_in(std::string text) && {
  unit = std::move(text);
  return std::move(*this);
}

Parameter Parameter::otherwise(Value value) && {
  fallback = std::move(value);
  return std::move(*this);
}

Parameter Parameter::otherwise_json(std::string json) && {
  fallback_json = std::move(json);
  return std::move(*this);
}

Parameter Parameter::optional() && {
  omittable = true;
  return std::move(*this);
}

Parameter Parameter::of_length(std::size_t least, std::size_t most) && {
  shortest = least;
  longest = most;
  return std::move(*this);
}

namespace {

Parameter plain(Parameter::Kind kind, std::string& name, std::string& help) {
  return Parameter(kind, std::move(name), std::move(help));
}

}  // namespace

Parameter boolean(std::string name, std::string help) { return plain(Parameter::Kind::boolean, name, help); }
Parameter integer(std::string name, std::string help) { return plain(Parameter::Kind::integer, name, help); }
Parameter real(std::string name, std::string help) { return plain(Parameter::Kind::real, name, help); }
Parameter text(std::string name, std::string help) { return plain(Parameter::Kind::text, name, help); }
Parameter map(std::string name, std::string help) { return plain(Parameter::Kind::map, name, help); }
Parameter integers(std::string name, std::string help) {
  return plain(Parameter::Kind::integers, name, help);
}
Parameter reals(std::string name, std::string help) { return plain(Parameter::Kind::reals, name, help); }
Parameter texts(std::string name, std::string help) { return plain(Parameter::Kind::texts, name, help); }
Parameter points(std::string name, std::string help) { return plain(Parameter::Kind::points, name, help); }

Parameter anything(std::string name, std::string help) { return plain(Parameter::Kind::any, name, help); }

Parameter choice(std::string name, std::vector<std::string> choices, std::string help) {
  Parameter parameter = plain(Parameter::Kind::choice, name, help);
  parameter.choices = std::move(choices);
  return parameter;
}

Parameter object(std::string name, Table table, std::string help) {
  Parameter parameter = plain(Parameter::Kind::object, name, help);
  parameter.table = std::move(table);
  return parameter;
}

Parameter typed(std::string name, std::string catalogue, std::string help) {
  Parameter parameter = plain(Parameter::Kind::typed, name, help);
  parameter.catalogue = std::move(catalogue);
  return parameter;
}

}  // namespace telegrad
