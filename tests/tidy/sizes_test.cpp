#include "tests/tidy/tidy_fixture.h"

namespace hailstorm::tidy {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::StartsWith;

std::string lines(size_t count) {
  std::string text;
  for (size_t i = 0; i < count; ++i) text += "  a;\n";
  return text;
}

TEST(SizesTest, NoFunctionAndNoFileOfTheTreeIsTooLong) {
  const auto complaints = check_sizes(real_tree());
  EXPECT_TRUE(complaints.empty()) << text_of(complaints);
}

TEST(SizesTest, AFunctionOf61LinesIsRefused) {
  EXPECT_THAT(check_sizes({{"a.cpp", "\nvoid f() {\n" + lines(58) + "}\n"}}), IsEmpty());
  EXPECT_THAT(
      check_sizes({{"a.cpp", "\nvoid f() {\n" + lines(59) + "}\n"}}),
      ElementsAre(StartsWith("a.cpp:2: 61 lines, at most 60: split the function void f()")));
}

TEST(SizesTest, ShellAndJavaFunctionsAreMeasuredToo) {
  EXPECT_THAT(check_sizes({{"A.java", "class A {\n  void f() {\n" + lines(59) + "  }\n}\n"}}),
              ElementsAre(StartsWith("A.java:2: 61 lines")));
  EXPECT_THAT(check_sizes({{"run", "#!/usr/bin/env bash\nf() {\n" + lines(59) + "}\n"}}),
              ElementsAre(StartsWith("run:2: 61 lines")));
}

TEST(SizesTest, AFileOf501LinesIsRefused) {
  EXPECT_THAT(check_sizes({{"a.h", lines(500)}}), IsEmpty());
  EXPECT_THAT(check_sizes({{"a.h", lines(501)}}),
              ElementsAre(StartsWith("a.h:501: 501 lines, at most 500")));
}

TEST(SizesTest, AReadmeOf8193BytesIsRefused) {
  EXPECT_THAT(check_sizes({{"README.md", std::string(8192, 'a')}}), IsEmpty());
  EXPECT_THAT(check_sizes({{"README.md", std::string(8193, 'a')}}),
              ElementsAre(StartsWith("README.md:1: 8193 bytes, at most 8192")));
}

TEST(SizesTest, DocumentsMayBeLong) { EXPECT_THAT(check_sizes({{"a.md", lines(501)}}), IsEmpty()); }

}  // namespace
}  // namespace hailstorm::tidy
