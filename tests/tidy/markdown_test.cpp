#include "tests/tidy/markdown.h"

#include "tests/tidy/tidy_fixture.h"

namespace hailstorm::tidy {
namespace {

using ::testing::ElementsAre;

TEST(MarkdownTest, CodeIsFencedOrIndented) {
  MarkdownLines lines;
  EXPECT_FALSE(lines.is_code("text"));
  EXPECT_TRUE(lines.is_code("    code"));
  EXPECT_TRUE(lines.is_code("```cpp"));
  EXPECT_TRUE(lines.is_code("code"));
  EXPECT_TRUE(lines.is_code("```"));
  EXPECT_FALSE(lines.is_code("text"));
}

TEST(MarkdownTest, ALineMayHaveSeveralLinks) {
  EXPECT_THAT(link_targets("[a](b.md#c), [d](e)"), ElementsAre("b.md#c", "e"));
}

TEST(MarkdownTest, AHeadingIsNamedInLowerCaseWithoutSigns) {
  EXPECT_THAT(heading_anchors("# What is `hail`?\n```\n# none\n```\n#none\n"),
              ElementsAre("what-is-hail"));
}

}  // namespace
}  // namespace hailstorm::tidy
