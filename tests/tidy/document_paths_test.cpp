#include "tests/tidy/tidy_fixture.h"

namespace hailstorm::tidy {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Complaints check_line(const std::string& line) {
  return check_document_paths({{"docs/log.md", "# The log\n\n" + line + "\n"},
                               {"docs/tools.md", "# Tools\n\n## What is `hail`, then?\n"},
                               {"tests/guards/run", ""}});
}

TEST(DocumentPathsTest, EveryPathThatADocumentNamesExists) {
  const auto complaints = check_document_paths(real_tree());
  EXPECT_TRUE(complaints.empty()) << text_of(complaints);
}

TEST(DocumentPathsTest, WhatIsThereMayBeNamed) {
  EXPECT_THAT(check_line("[Tools](tools.md), [the run](../tests/guards/run), [here](#the-log)"),
              IsEmpty());
  EXPECT_THAT(check_line("`tests/guards/run [NAME]` runs `tests/guards/SECTION/NAME.guard`."),
              IsEmpty());
  EXPECT_THAT(check_line("[why](https://example.com/docs/none.md)"), IsEmpty());
}

TEST(DocumentPathsTest, ALinkToNoFileIsRefused) {
  EXPECT_THAT(check_line("[Tools](tool.md)"),
              ElementsAre("docs/log.md:3: there is no docs/tool.md: name what exists"));
}

TEST(DocumentPathsTest, ALinkToNoHeadingIsRefused) {
  EXPECT_THAT(check_line("[Tools](tools.md#what-is-hail-then)"), IsEmpty());
  EXPECT_THAT(check_line("[Tools](tools.md#what-is-hail)"),
              ElementsAre("docs/log.md:3: there is no heading #what-is-hail in docs/tools.md: name "
                          "what exists"));
}

TEST(DocumentPathsTest, APathToNoFileIsRefused) {
  EXPECT_THAT(check_line("See `tests/guards/hail_guard.cpp`."),
              ElementsAre("docs/log.md:3: there is no tests/guards/hail_guard.cpp: name what "
                          "exists"));
}

TEST(DocumentPathsTest, CodeBlocksAreNotChecked) {
  EXPECT_THAT(check_line("    cat `tests/none`"), IsEmpty());
}

}  // namespace
}  // namespace hailstorm::tidy
