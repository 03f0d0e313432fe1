#include "tests/tidy/tidy_fixture.h"

namespace hailstorm::tidy {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

TEST(CyclesTest, NoFilesOfTheTreeIncludeEachOther) {
  const auto complaints = check_cycles(real_tree());
  EXPECT_TRUE(complaints.empty()) << text_of(complaints);
}

TEST(CyclesTest, AFileMayIncludeItsOwnHeader) {
  EXPECT_THAT(
      check_cycles(
          {{"a/x.h", "#include \"a/y.h\"\n"}, {"a/x.cpp", "#include \"a/x.h\"\n"}, {"a/y.h", ""}}),
      IsEmpty());
}

TEST(CyclesTest, HeadersThatIncludeEachOtherAreRefused) {
  EXPECT_THAT(check_cycles({{"a/x.h", "#pragma once\n#include \"a/y.h\"\n"},
                            {"a/y.h", "#include \"a/z.h\"\n"},
                            {"a/z.h", "#include \"a/x.h\"\n"}}),
              ElementsAre(AllOf(StartsWith("a/x.h:2: includes itself through others"),
                                HasSubstr("a/x.h:2, a/y.h:1, a/z.h:1"))));
}

TEST(CyclesTest, ACircleThroughASourceFileIsRefused) {
  EXPECT_THAT(check_cycles({{"a/x.h", ""},
                            {"a/x.cpp", "#include \"a/x.h\"\n#include \"a/y.h\"\n"},
                            {"a/y.h", "#include \"a/x.h\"\n"}}),
              ElementsAre(StartsWith("a/x.cpp:2: includes itself through others")));
}

}  // namespace
}  // namespace hailstorm::tidy
