#include "tests/tidy/folder_map.h"

#include "tests/tidy/tidy_fixture.h"

namespace hailstorm::tidy {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const std::string kBase = "hailstorm_library(base SOURCES check.cpp USES fmt::fmt)\n";
const std::string kWire = "hailstorm_library(wire\n  SOURCES codec.cpp\n  LINKS hailstorm::base)\n";

Tree tree_with(const std::string& map, const std::string& wire = kWire) {
  return {{"docs/architecture.md", page_with_map(map)},
          {"common/base/CMakeLists.txt", kBase},
          {"common/wire/CMakeLists.txt", wire}};
}

TEST(FolderMapTest, TheMapOfTheTreeIsTrue) {
  const auto complaints = check_folder_map(real_tree());
  EXPECT_TRUE(complaints.empty()) << text_of(complaints);
}

TEST(FolderMapTest, AMapThatSaysWhatCmakeSaysIsTrue) {
  EXPECT_THAT(check_folder_map(tree_with("    common/base  results\n"
                                         "    common/wire  the protocol  → base\n")),
              IsEmpty());
}

TEST(FolderMapTest, ArrowsAreFollowedToTheEnd) {
  const Arrows arrows = {{"a", {"b"}}, {"b", {"c"}}, {"c", {"d"}}};
  EXPECT_THAT(reach(arrows, "a"), ElementsAre("b", "c", "d"));
}

TEST(FolderMapTest, ALinkWithoutAnArrowIsRefused) {
  EXPECT_THAT(
      check_folder_map(tree_with("    common/base  results\n    common/wire  the protocol\n")),
      ElementsAre(HasSubstr("common/wire/CMakeLists.txt:1: common/wire links common/base")));
}

TEST(FolderMapTest, AnArrowWithoutALinkIsRefused) {
  EXPECT_THAT(check_folder_map(tree_with("    common/base  results\n"
                                         "    common/wire  the protocol  → base\n",
                                         "hailstorm_library(wire SOURCES codec.cpp)\n")),
              ElementsAre(HasSubstr(
                  "docs/architecture.md:6: common/wire → common/base is in no CMake link")));
}

TEST(FolderMapTest, ATargetWithoutALineIsRefused) {
  EXPECT_THAT(check_folder_map(tree_with("    common/base  results\n")),
              ElementsAre(HasSubstr("the map has no line for common/wire")));
}

TEST(FolderMapTest, ALineWithoutATargetIsRefused) {
  EXPECT_THAT(check_folder_map(tree_with("    common/base  results\n"
                                         "    common/old   is gone\n"
                                         "    common/wire  the protocol  → base\n")),
              ElementsAre(HasSubstr(
                  "docs/architecture.md:6: common/old is no folder with a CMake target")));
}

TEST(FolderMapTest, ANameThatMeansNothingIsRefused) {
  EXPECT_THAT(check_folder_map(tree_with("    common/base  results\n"
                                         "    common/wire  the protocol  → base, bass\n")),
              ElementsAre(HasSubstr("docs/architecture.md:6: \"bass\" is no folder of the map")));
}

TEST(FolderMapTest, ACircleOfFoldersIsRefused) {
  Tree tree = tree_with(
      "    common/base  results       → wire\n"
      "    common/wire  the protocol  → base\n");
  tree["common/base/CMakeLists.txt"] = "hailstorm_library(base LINKS hailstorm::wire)\n";
  EXPECT_THAT(
      check_folder_map(tree),
      ElementsAre(
          HasSubstr("docs/architecture.md:5: the arrows lead from common/base back to it"),
          HasSubstr("docs/architecture.md:6: the arrows lead from common/wire back to it")));
}

TEST(FolderMapTest, ALinkToNoLibraryIsRefused) {
  EXPECT_THAT(check_folder_map(tree_with("    common/base  results\n"
                                         "    common/wire  the protocol\n",
                                         "hailstorm_library(wire LINKS hailstorm::bass)\n")),
              ElementsAre(HasSubstr("no library is called hailstorm::bass")));
}

}  // namespace
}  // namespace hailstorm::tidy
