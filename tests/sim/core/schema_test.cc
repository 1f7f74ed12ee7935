#include "sim/core/schema.h"

#include <gtest/gtest.h>

#include "sim/core/json.h"

namespace telegrad {
namespace {

TEST(Schema, SaysOfEverySettingWhatTheDoorTakes) {
  Catalogues catalogues;
  Description circle{.name = "circle",
                     .summary = "round",
                     .source = "",
                     .parameters = {real("radius_m", "half its width").over(0, 10).measured_in("m")},
                     .example = ""};
  catalogues.add({"shapes", "what has an area", {circle}});
  Table table{integer("count", "how many").in(1, 100),
              text("name", "its name").of_length(1, 5).otherwise("x"),
              choice("colour", {"red", "blue"}, "its colour").otherwise("red"),
              typed("shape", "shapes", "its shape"),
              reals("levels", "thresholds").over(0, 1).optional(),
              points("places_m", "where").of_length(2, 4).optional(),
              map("attributes", "anything").otherwise_json("{}")};
  Value expected = trusted_json(R"({
    "$schema": "https://json-schema.org/draft/2020-12/schema", "title": "A test", "type": "object",
    "properties": {
      "count": {"type": "integer", "minimum": 1, "maximum": 100, "description": "how many"},
      "name": {"type": "string", "minLength": 1, "maxLength": 5, "description": "its name", "default": "x"},
      "colour": {"enum": ["red", "blue"], "description": "its colour", "default": "red"},
      "shape": {"$ref": "#/$defs/shapes", "description": "its shape"},
      "levels": {"type": "array", "items": {"type": "number", "exclusiveMinimum": 0, "maximum": 1}, "description": "thresholds"},
      "places_m": {"type": "array",
        "items": {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2},
        "minItems": 2, "maxItems": 4, "description": "where"},
      "attributes": {"type": "object", "additionalProperties": {"type": ["number", "string", "boolean"]},
        "description": "anything", "default": {}}},
    "required": ["count", "shape"], "additionalProperties": false,
    "$defs": {
      "shapes.circle": {"description": "round", "type": "object",
        "properties": {"type": {"const": "circle", "description": "round"},
          "radius_m": {"type": "number", "exclusiveMinimum": 0, "maximum": 10, "description": "half its width [m]"}},
        "required": ["type", "radius_m"], "additionalProperties": false},
      "shapes": {"description": "what has an area", "type": "object", "oneOf": [{"$ref": "#/$defs/shapes.circle"}]}}})");
  EXPECT_EQ(dump_json(json_schema(table, catalogues, "A test"), 2), dump_json(expected, 2));
}

TEST(Schema, FollowsCataloguesThatReferToOneAnother) {
  Catalogues catalogues;
  Description outer{.name = "outer",
                    .summary = "",
                    .source = "",
                    .parameters = {typed("inner", "inners", "").optional()},
                    .example = ""};
  Description inner{.name = "inner",
                    .summary = "",
                    .source = "",
                    .parameters = {typed("again", "outers", "").optional()},
                    .example = ""};
  catalogues.add({"outers", "", {outer}});
  catalogues.add({"inners", "", {inner}});
  catalogues.add({"unused", "", {}});
  Value schema = json_schema({typed("first", "outers", "")}, catalogues, "");
  EXPECT_NE(schema["$defs"].find("inners.inner"), nullptr);
  EXPECT_NE(schema["$defs"].find("outers"), nullptr);
  EXPECT_EQ(schema["$defs"].find("unused"), nullptr);
}

}  // namespace
}  // namespace telegrad
