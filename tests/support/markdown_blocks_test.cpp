#include "tests/support/markdown_blocks.h"

#include <gtest/gtest.h>

namespace hailstorm::testing {
namespace {

constexpr const char* kPage =
    "# Page\n"
    "```cpp\nbefore\n```\n"
    "## Add a service\n"
    "Text.\n"
    "```cpp\n// a.h\n## no heading\n```\n"
    "### Detail\n"
    "```sh\nls\n```\n"
    "## Next\n"
    "```cpp\nafter\n```\n";

TEST(MarkdownBlocksTest, BlocksOfOneSectionAreFoundWithTheirLanguage) {
  const auto blocks = code_blocks_under("## Add a service", kPage);
  ASSERT_EQ(blocks.size(), 2U);
  EXPECT_EQ(blocks[0].language, "cpp");
  EXPECT_EQ(blocks[0].text, "// a.h\n## no heading\n");
  EXPECT_EQ(blocks[1].text, "ls\n");
}

TEST(MarkdownBlocksTest, AMissingSectionHasNoBlocks) {
  EXPECT_TRUE(code_blocks_under("## Nothing", kPage).empty());
}

}  // namespace
}  // namespace hailstorm::testing
