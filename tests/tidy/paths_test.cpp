#include "tests/tidy/tidy_fixture.h"

namespace hailstorm::tidy {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::StartsWith;

Complaints check_line(const std::string& path, const std::string& line) {
  return check_paths({{path, line + "\n"}, {"README.md", ""}, {"tests/kafka/make", ""}});
}

TEST(PathsTest, NothingInTheTreePointsOutsideIt) {
  const auto complaints = check_paths(real_tree());
  EXPECT_TRUE(complaints.empty()) << text_of(complaints);
}

TEST(PathsTest, APathMayClimbToWhatIsInTheTree) {
  EXPECT_THAT(check_line("docs/log.md", "[fixtures](../tests/kafka/make)"), IsEmpty());
  EXPECT_THAT(check_line("tests/fuzz/run", "cd \"$(dirname \"$0\")/../..\""), IsEmpty());
}

TEST(PathsTest, APathThatClimbsAboveTheTopIsRefused) {
  EXPECT_THAT(check_line("tests/run", "cd ../.."),
              ElementsAre(StartsWith("tests/run:1: ../.. is nothing in the tree")));
}

TEST(PathsTest, APathBesideTheTreeIsRefused) {
  for (const auto* line : {"tool=../other/tool", "tool=$(top)/../other/tool"}) {
    EXPECT_THAT(check_line(".ci/run", line),
                ElementsAre(StartsWith(".ci/run:1: ../other/tool is nothing in the tree")));
  }
}

TEST(PathsTest, ASourceFileMayNotLeaveTheTreeByItsDefinition) {
  const std::string definition =
      "HAILSTORM"
      "_SOURCE_DIR";
  EXPECT_THAT(check_line("tests/a.cpp", "open(" + definition + " \"/../other/tool\");"),
              ElementsAre(StartsWith("tests/a.cpp:1: ../other/tool is nothing in the tree")));
  EXPECT_THAT(check_line("tests/a.cpp", "refuses(\"../x\");"), IsEmpty());
}

TEST(PathsTest, RangesAndEllipsesAreNoPaths) {
  EXPECT_THAT(check_line("run", "for i in {1..20}; do git log a..b; done  # and so on..."),
              IsEmpty());
}

}  // namespace
}  // namespace hailstorm::tidy
