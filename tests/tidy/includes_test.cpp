#include "tests/tidy/tidy_fixture.h"

namespace hailstorm::tidy {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::StartsWith;

const std::string kMap = page_with_map(
    "    common/base       results\n"
    "    common/wire       the protocol      → base\n"
    "    broker/storage    segments          → wire\n"
    "    tests/common      mirrors common/\n"
    "    tests/support     what tests share\n"
    "    tests/system      the whole\n");

Tree tree_with(const std::string& path, const std::string& included) {
  return {{"docs/architecture.md", kMap},
          {"common/base/result.h", ""},
          {"common/wire/codec.h", ""},
          {"broker/storage/log.h", ""},
          {"tests/support/await.h", ""},
          {"tests/system/fixture.h", ""},
          {path, "#pragma once\n#include \"" + included + "\"\n"}};
}

TEST(IncludesTest, TheTreeKeepsTheLayers) {
  const auto complaints = check_includes(real_tree());
  EXPECT_TRUE(complaints.empty()) << text_of(complaints);
}

TEST(IncludesTest, AFileMayUseItsOwnFolderAndWhatTheArrowsLeadTo) {
  for (const auto* used : {"broker/storage/log.h", "common/wire/codec.h", "common/base/result.h"}) {
    EXPECT_THAT(check_includes(tree_with("broker/storage/x.cpp", used)), IsEmpty());
  }
}

TEST(IncludesTest, AnIncludeAgainstTheArrowsIsRefused) {
  EXPECT_THAT(check_includes(tree_with("common/wire/x.h", "broker/storage/log.h")),
              ElementsAre(StartsWith(
                  "common/wire/x.h:2: the map does not let common/wire use broker/storage")));
}

TEST(IncludesTest, TheProductMayNotUseTests) {
  EXPECT_THAT(check_includes(tree_with("common/base/x.h", "tests/support/await.h")),
              ElementsAre(StartsWith("common/base/x.h:2: the product may not use tests")));
}

TEST(IncludesTest, TestsMayUseTheProductAndTestsSupport) {
  for (const auto* used : {"broker/storage/log.h", "tests/support/await.h"}) {
    EXPECT_THAT(check_includes(tree_with("tests/common/wire/x_test.cpp", used)), IsEmpty());
  }
}

TEST(IncludesTest, TestsMayNotUseOtherTests) {
  EXPECT_THAT(check_includes(tree_with("tests/common/wire/x_test.cpp", "tests/system/fixture.h")),
              ElementsAre(StartsWith("tests/common/wire/x_test.cpp:2: tests/common may not use")));
}

TEST(IncludesTest, AFolderWithoutALineIsRefused) {
  EXPECT_THAT(check_includes(tree_with("common/base/inner/x.h", "common/base/result.h")),
              ElementsAre(StartsWith("common/base/inner/x.h:1: its folder has no line")));
}

TEST(IncludesTest, ANameThatIsNotFromTheTopIsRefused) {
  EXPECT_THAT(check_includes(tree_with("common/base/x.h", "result.h")),
              ElementsAre(StartsWith("common/base/x.h:2: \"result.h\" is no file of the tree")));
}

}  // namespace
}  // namespace hailstorm::tidy
