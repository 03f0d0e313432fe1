#include "tests/tidy/tidy_fixture.h"

namespace hailstorm::tidy {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::StartsWith;

Tree tree_with_comment(const std::string& comment) {
  return {{"a/x.h", "#pragma once\n/// " + comment + "\nvoid f();\n"},
          {"a/x.cpp", "void f() { ::poll(a); }\n"},
          {"CMakeLists.txt", "add_thing(x)\n"},
          {"docs/log.md", "text\n"}};
}

TEST(HeaderNamesTest, CommentsOfTheTreeNameWhatExists) {
  const auto complaints = check_header_names(real_tree());
  EXPECT_TRUE(complaints.empty()) << text_of(complaints);
}

TEST(HeaderNamesTest, FunctionsAndFilesThatExistMayBeNamed) {
  EXPECT_THAT(check_header_names(tree_with_comment("As `f()` and poll() do, see `docs/log.md`.")),
              IsEmpty());
  EXPECT_THAT(check_header_names(tree_with_comment("What add_thing() makes.")), IsEmpty());
  EXPECT_THAT(check_header_names(tree_with_comment("See x.cpp, `a/x.h`, and log.md.")), IsEmpty());
}

TEST(HeaderNamesTest, AFunctionThatDoesNotExistIsRefused) {
  for (const auto* comment : {"Until `gone()`.", "Until X::gone() holds.", "Until gone()."}) {
    EXPECT_THAT(check_header_names(tree_with_comment(comment)),
                ElementsAre(StartsWith("a/x.h:2: there is no gone()")));
  }
}

TEST(HeaderNamesTest, AFileThatDoesNotExistIsRefused) {
  for (const auto* comment : {"See `a/gone.h`.", "Of a/gone.h."}) {
    EXPECT_THAT(check_header_names(tree_with_comment(comment)),
                ElementsAre(StartsWith("a/x.h:2: there is no a/gone.h")));
  }
}

}  // namespace
}  // namespace hailstorm::tidy
