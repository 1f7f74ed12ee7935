#pragma once

#include <initializer_list>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "sim/core/value.h"

namespace telegrad {

class Parameter;
using Table = std::vector<Parameter>;

/// One setting of a scenario. From these tables come parsing, error messages, `list`, `explain` and the JSON
/// Schema. Written as a sentence: `real("ratio", "share of entries kept").over(0, 1).otherwise(0.01)`.
class Parameter {
 public:
  enum class Kind {
    boolean,
    integer,
    real,
    text,
    choice,    // one of a few texts
    object,    // members from a table of its own
    typed,     // object with a `type` that a catalogue knows
    map,       // any key -> number, text or boolean (ns-3 attributes)
    integers,  // lists
    reals,
    texts,
    points,  // list of [x, y]
    any,     // any JSON; whoever reads it checks it
  };

  Parameter(Kind sort, std::string key, std::string words)
      : kind(sort), name(std::move(key)), help(std::move(words)) {}

  // Limits. `in` is closed, `over` excludes the lower end.
  Parameter in(double low, double high) &&;
  Parameter over(double low, double high) &&;
  Parameter at_least(double low) &&;
  Parameter above(double low) &&;
  Parameter measured_in(std::string unit) &&;
  /// The default. Without one and without `optional`, the key must be given.
  Parameter otherwise(Value value) &&;
  /// The default as JSON text, for objects and lists.
  Parameter otherwise_json(std::string text) &&;
  /// May be left out: the resolved scenario then has no such key.
  Parameter optional() &&;
  Parameter of_length(std::size_t least, std::size_t most) &&;

  bool required() const { return !fallback && fallback_json.empty() && !omittable; }

  Kind kind;
  std::string name;
  std::string help;
  std::string unit;
  double minimum = -std::numeric_limits<double>::infinity();
  double maximum = std::numeric_limits<double>::infinity();
  bool minimum_excluded = false;
  std::optional<Value> fallback;
  std::string fallback_json;
  bool omittable = false;
  std::vector<std::string> choices;  // choice
  Table table;                       // object
  std::string catalogue;             // typed: the catalogue's name, "networks"
  static constexpr std::size_t kAnyLength = std::numeric_limits<std::size_t>::max();
  std::size_t shortest = 0;  // elements of a list, characters of a text
  std::size_t longest = kAnyLength;
};

Parameter boolean(std::string name, std::string help);
Parameter integer(std::string name, std::string help);
Parameter real(std::string name, std::string help);
Parameter text(std::string name, std::string help);
Parameter choice(std::string name, std::vector<std::string> choices, std::string help);
Parameter object(std::string name, Table table, std::string help);
Parameter typed(std::string name, std::string catalogue, std::string help);
Parameter map(std::string name, std::string help);
Parameter integers(std::string name, std::string help);
Parameter reals(std::string name, std::string help);
Parameter texts(std::string name, std::string help);
Parameter points(std::string name, std::string help);
Parameter anything(std::string name, std::string help);

}  // namespace telegrad
