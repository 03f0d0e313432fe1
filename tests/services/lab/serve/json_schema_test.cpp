#include "tests/services/lab/serve/json_schema.h"

#include <gmock/gmock.h>

namespace hailstorm::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> check(const std::string& instance, const std::string& schema) {
  const auto root = json::parse(R"({"s":{"T":{"type":"string"}}})").value();
  return check_schema(json::parse(instance).value(), json::parse(schema).value(), root);
}

TEST(JsonSchemaTest, WhatFitsHasNoComplaint) {
  const std::string schema = R"({"type":"object","required":["a"],"properties":{
      "a":{"type":"integer","minimum":0,"maximum":9},"b":{"enum":["x",null]},"c":{"$ref":"#/s/T"},
      "d":{"type":"array","items":{"const":1},"minItems":1,"uniqueItems":true},
      "e":{"type":["number","null"]},"f":{"pattern":"^[0-9]+s$"}},
      "additionalProperties":{"type":"boolean"}})";
  EXPECT_THAT(check(R"({"a":3,"b":null,"c":"t","d":[1],"e":null,"f":"12s","g":true})", schema),
              IsEmpty());
  EXPECT_THAT(check(R"({"a":10,"b":"y","c":7,"d":[1,1],"e":"t","f":"s","g":0})", schema),
              ElementsAre("/a: 10 is beyond the maximum", "/b: \"y\" is not [\"x\",null]",
                          "/c: is no string", "/d: has an element twice",
                          "/e: is none of [\"number\",\"null\"]", "/f: s does not match ^[0-9]+s$",
                          "/g: is no boolean"));
  EXPECT_THAT(check("{}", schema), ElementsAre("/: a is missing"));
}

TEST(JsonSchemaTest, OneOfSeveralSchemasIsEnough) {
  const std::string schema = R"({"anyOf":[{"type":"string"},{"const":7}]})";
  EXPECT_THAT(check("7", schema), IsEmpty());
  EXPECT_THAT(check("8", schema), ElementsAre(R"(/: is none of [{"type":"string"},{"const":7}])"));
}

TEST(JsonSchemaTest, EachElementOfATupleHasASchemaOfItsOwn) {
  const std::string schema =
      R"({"prefixItems":[{"type":"string"},{"type":"integer"}],"maxItems":3})";
  EXPECT_THAT(check(R"(["a",1,true])", schema), IsEmpty());
  EXPECT_THAT(check(R"(["a"])", schema), IsEmpty());
  EXPECT_THAT(check(R"([1,"a",2,3])", schema),
              ElementsAre("/0: is no string", "/1: is no integer", "/: has too many elements"));
}

TEST(JsonSchemaTest, AWordThatItDoesNotKnowIsAComplaint) {
  EXPECT_THAT(check("1", R"({"multipleOf":2})"),
              ElementsAre("/: this test does not know the keyword multipleOf"));
  EXPECT_THAT(check("1", R"({"$ref":"#/s/X"})"), ElementsAre("/: #/s/X leads nowhere"));
}

}  // namespace
}  // namespace hailstorm::testing
