#include "tests/tidy/source_text.h"

#include "tests/tidy/tidy_fixture.h"

namespace hailstorm::tidy {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::Field;

TEST(SourceTextTest, CommentsAndStringsAreNoCode) {
  EXPECT_EQ(split_source("f(\"a{\"); // b{\ng('}');").code, "f(\"  \");      \ng(' ');");
  EXPECT_EQ(split_source("a /* b\nc */ d").code, "a     \n     d");
}

TEST(SourceTextTest, CommentsKeepTheirPlace) {
  EXPECT_EQ(split_source("int a;  // \"b\"\nc").comments, "        // \"b\"\n ");
}

TEST(SourceTextTest, AnEscapedQuoteDoesNotEndAString) {
  EXPECT_EQ(split_source("\"a\\\"{\" {").code, "\"    \" {");
}

TEST(SourceTextTest, ARawStringEndsWithItsDelimiter) {
  EXPECT_EQ(split_source("R\"x({ \" )\" )x\" {").code, "R\"           \" {");
}

TEST(SourceTextTest, DigitsMayBeSeparatedByQuotes) {
  EXPECT_EQ(split_source("1'000'000 + a;").code, "1'000'000 + a;");
}

TEST(SourceTextTest, IncludesInStringsAndCommentsAreNone) {
  const auto includes = project_includes(
      "#include \"a/first.h\"\n#include <vector>\n\n#include \"a/second.h\"\n"
      "/*\n#include \"a/comment.h\"\n*/\nauto s = R\"(\n#include \"a/string.h\"\n)\";\n");
  EXPECT_THAT(includes,
              ElementsAre(AllOf(Field(&Include::line, 1U), Field(&Include::path, "a/first.h")),
                          AllOf(Field(&Include::line, 4U), Field(&Include::path, "a/second.h"))));
}

}  // namespace
}  // namespace hailstorm::tidy
