#include "services/lab/experiments/document/read_document.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>

namespace hailstorm::lab {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string yaml_as_json(std::string_view text) {
  const auto node = read_yaml(text);
  return node.ok() ? json::to_text(node->value()) : node.error().message();
}

std::string why_json_is_refused(std::string_view text) {
  const auto node = read_json(text);
  return node.ok() ? "" : node.error().message();
}

TEST(ReadYamlTest, GivesMapsListsTextsAndNumbers) {
  EXPECT_EQ(yaml_as_json("a: 1\nb: [0.5, text, \"7\", true, null]\nc:\n  - d: -3\n    e: ~\n"),
            R"({"a":1,"b":[0.5,"text","7",true,null],"c":[{"d":-3,"e":null}]})");
  EXPECT_EQ(yaml_as_json("a: 15s\nb: 'it''s'\nc: |\n  two\n  lines\n"),
            R"({"a":"15s","b":"it's","c":"two\nlines\n"})");
}

TEST(ReadYamlTest, RefusesWhatStandsForSomethingElse) {
  EXPECT_EQ(yaml_as_json("a: &x 1\nb: 2\n"), "line 1: anchors (&NAME) are not read");
  EXPECT_EQ(yaml_as_json("b: 2\na: *x\n"), "line 2: aliases (*NAME) are not read");
  EXPECT_EQ(yaml_as_json("a: !!python/object:os.system x\n"), "line 1: tags (!TYPE) are not read");
  EXPECT_EQ(yaml_as_json("a: !!map {}\n"), "line 1: tags (!TYPE) are not read");
  EXPECT_EQ(yaml_as_json("a: &x [1]\n"), "line 1: anchors (&NAME) are not read");
  EXPECT_THAT(yaml_as_json("a:\n  <<: {b: 1}\n"), StartsWith("line 2: <<: could mean"));
  EXPECT_EQ(yaml_as_json("a: 1\n---\nb: 2\n"), "line 2: a second document is not read");
}

TEST(ReadYamlTest, RefusesPlainWordsThatReadersTakeDifferently) {
  for (const char* word : {"yes", "No", "on", "OFF", "True", "NULL", "017", "0x1F", "1_000", "1:30",
                           "2026-01-01", "2026-01-01T10:00:00Z", "1e3", "+5", ".5", ".inf", "="}) {
    EXPECT_THAT(yaml_as_json("\na: " + std::string(word)),
                HasSubstr("line 2: " + std::string(word) + ": could mean something else"));
    EXPECT_THAT(yaml_as_json("a: '" + std::string(word) + "'"), HasSubstr(word));
  }
}

TEST(ReadYamlTest, RefusesNamesThatAreTwiceThereOrNoTexts) {
  EXPECT_EQ(yaml_as_json("a: 1\nb: 2\na: 3\n"), "line 3: a: is there twice");
  EXPECT_EQ(yaml_as_json("[1]: 2\n"), "line 1: a name must be a text");
  EXPECT_EQ(yaml_as_json("5: 2\n"), "line 1: 5: a name must be a text");
}

TEST(ReadYamlTest, SaysWhereTheSyntaxBreaks) {
  EXPECT_THAT(yaml_as_json("a: 1\nb: [1, 2\nc: }\n"), StartsWith("line 3: this is no YAML: "));
}

TEST(ReadDocumentTest, DepthAndSizeAreBounded) {
  const auto nested = [](size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  EXPECT_TRUE(read_yaml(nested(16)).ok());
  EXPECT_TRUE(read_json(nested(16)).ok());
  EXPECT_EQ(yaml_as_json(nested(17)), "line 1: nested more than 16 deep");
  EXPECT_EQ(why_json_is_refused(nested(17)), "line 1: nested more than 16 deep");
  EXPECT_EQ(why_json_is_refused(nested(30'000)), "line 1: nested more than 16 deep");
  const std::string large(kMaxDocumentBytes + 1, ' ');
  EXPECT_EQ(yaml_as_json(large), "line 1: 65537 bytes; it may be 65536");
  EXPECT_EQ(why_json_is_refused(large), "line 1: 65537 bytes; it may be 65536");
}

TEST(ReadJsonTest, KnowsTheLineOfEachValue) {
  const auto node = read_json("{\n \"a\\\"\": [1,\n  {\"b\": \"x\\n{\"}],\n \"c\"\n:\n null}\n");
  ASSERT_TRUE(node.ok()) << node.error().message();
  const Node* list = node->find("a\"");
  ASSERT_NE(list, nullptr);
  EXPECT_EQ(list->line, 2U);
  EXPECT_EQ(list->children[1].line, 3U);
  EXPECT_EQ(list->children[1].find("b")->line, 3U);
  EXPECT_EQ(node->find("c")->line, 6U);
}

TEST(ReadJsonTest, SaysWhereTheSyntaxBreaksAndRefusesNamesThatAreTwiceThere) {
  EXPECT_THAT(why_json_is_refused("{\"a\": 1,\n \"b\": }"), StartsWith("line 2: this is no JSON"));
  EXPECT_EQ(why_json_is_refused("{\"a\": 1,\n\"a\": 2}"), "line 2: a: is there twice");
}

}  // namespace
}  // namespace hailstorm::lab
