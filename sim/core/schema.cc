#include "sim/core/schema.h"

#include <cmath>
#include <set>

#include "sim/core/json.h"

namespace telegrad {
namespace {

using Kind = Parameter::Kind;

/// A limit as the schema shows it: 1 rather than 1.0.
Value limit(double number) {
  bool whole = std::floor(number) == number && std::abs(number) < 1e15;
  return whole ? Value(static_cast<std::int64_t>(number)) : Value(number);
}

class Writer {
 public:
  explicit Writer(const Catalogues& catalogues) : catalogues_(catalogues) {}

  Value object(const Table& table, const Description* entry) {
    Value properties{Value::Object{}};
    std::vector<std::string> required;
    if (entry != nullptr) {
      properties.set("type", Value(Value::Object{{"const", Value(entry->name)},
                                                 {"description", Value(entry->summary)}}));
      required.push_back("type");
    }
    for (const Parameter& parameter : table) {
      properties.set(parameter.name, setting(parameter));
      if (parameter.required()) required.push_back(parameter.name);
    }
    Value schema{Value::Object{}};
    if (entry != nullptr) schema.set("description", Value(entry->summary));
    schema.set("type", "object");
    schema.set("properties", std::move(properties));
    if (!required.empty()) schema.set("required", texts(required));
    schema.set("additionalProperties", false);
    return schema;
  }

  /// The definitions of all catalogues that were referred to, directly or by one another.
  Value definitions() {
    Value definitions{Value::Object{}};
    std::set<std::string> written;
    for (auto next = wanted_.begin(); next != wanted_.end();) {
      std::string name = *next;
      if (written.insert(name).second) define(catalogues_.at(name), definitions);
      next = wanted_.begin();
      while (next != wanted_.end() && written.contains(*next)) ++next;
    }
    return definitions;
  }

 private:
  void define(const Catalogue& catalogue, Value& definitions) {
    Value::Array alternatives;
    for (const Description& entry : catalogue.entries) {
      std::string name = catalogue.name + "." + entry.name;
      alternatives.push_back(Value(Value::Object{{"$ref", Value("#/$defs/" + name)}}));
      definitions.set(name, object(entry.parameters, &entry));
    }
    definitions.set(catalogue.name, Value(Value::Object{{"description", Value(catalogue.summary)},
                                                        {"type", Value("object")},
                                                        {"oneOf", Value(std::move(alternatives))}}));
  }

  Value setting(const Parameter& parameter) {
    Value schema = kind(parameter);
    std::string help = parameter.help + (parameter.unit.empty() ? "" : " [" + parameter.unit + "]");
    schema.set("description", Value(std::move(help)));
    if (parameter.fallback) schema.set("default", *parameter.fallback);
    if (!parameter.fallback_json.empty()) schema.set("default", trusted_json(parameter.fallback_json));
    return schema;
  }

  Value kind(const Parameter& parameter) {
    switch (parameter.kind) {
      case Kind::boolean: return of_type("boolean");
      case Kind::integer: return number(parameter, "integer");
      case Kind::real: return number(parameter, "number");
      case Kind::text: return lengths(of_type("string"), parameter, "minLength", "maxLength");
      case Kind::choice: return Value(Value::Object{{"enum", texts(parameter.choices)}});
      case Kind::object: return object(parameter.table, nullptr);
      case Kind::typed:
        wanted_.insert(parameter.catalogue);
        return Value(Value::Object{{"$ref", Value("#/$defs/" + parameter.catalogue)}});
      case Kind::map: {
        Value schema = of_type("object");
        Value::Object value{{"type", texts({"number", "string", "boolean"})}};
        schema.set("additionalProperties", Value(std::move(value)));
        return schema;
      }
      case Kind::any: return Value(Value::Object{});
      case Kind::integers: return list(parameter, number(parameter, "integer"));
      case Kind::reals: return list(parameter, number(parameter, "number"));
      case Kind::texts: return list(parameter, of_type("string"));
      case Kind::points: {
        Value point = of_type("array");
        point.set("items", number(parameter, "number"));
        point.set("minItems", 2);
        point.set("maxItems", 2);
        return list(parameter, std::move(point));
      }
    }
    return {};
  }

  static Value of_type(const char* type) { return Value(Value::Object{{"type", Value(type)}}); }

  static Value number(const Parameter& parameter, const char* type) {
    Value schema = of_type(type);
    if (std::isfinite(parameter.minimum)) {
      schema.set(parameter.minimum_excluded ? "exclusiveMinimum" : "minimum", limit(parameter.minimum));
    }
    if (std::isfinite(parameter.maximum)) schema.set("maximum", limit(parameter.maximum));
    return schema;
  }

  static Value list(const Parameter& parameter, Value item) {
    Value schema = of_type("array");
    schema.set("items", std::move(item));
    return lengths(std::move(schema), parameter, "minItems", "maxItems");
  }

  static Value lengths(Value schema, const Parameter& parameter, const char* least, const char* most) {
    if (parameter.shortest > 0) schema.set(least, static_cast<std::int64_t>(parameter.shortest));
    if (parameter.longest < Parameter::kAnyLength)
      schema.set(most, static_cast<std::int64_t>(parameter.longest));
    return schema;
  }

  const Catalogues& catalogues_;
  std::set<std::string> wanted_;
};

}  // namespace

Value json_schema(const Table& table, const Catalogues& catalogues, const std::string& title) {
  Writer writer(catalogues);
  Value body = writer.object(table, nullptr);
  Value schema{Value::Object{}};
  schema.set("$schema", "https://json-schema.org/draft/2020-12/schema");
  schema.set("title", Value(title));
  for (Member& member : body.members()) schema.set(member.key, std::move(member.value));
  schema.set("$defs", writer.definitions());
  return schema;
}

}  // namespace telegrad
