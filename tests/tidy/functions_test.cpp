#include "tests/tidy/functions.h"

#include "tests/tidy/tidy_fixture.h"

namespace hailstorm::tidy {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

/// First line and number of lines of each.
std::vector<std::pair<size_t, size_t>> sizes(const std::vector<Function>& functions) {
  std::vector<std::pair<size_t, size_t>> sizes;
  for (const auto& function : functions) sizes.emplace_back(function.line, function.lines);
  return sizes;
}

TEST(FunctionsTest, AFunctionReachesFromItsFirstWordToItsBrace) {
  EXPECT_THAT(
      sizes(functions_in("namespace a {\n\nint f(int b,\n      int c) {\n  return b;\n}\n}")),
      ElementsAre(Pair(3, 4)));
}

TEST(FunctionsTest, MethodsInAClassAreFunctionsAndTheClassIsNone) {
  EXPECT_THAT(sizes(functions_in("class A {\n  int f() const { return 1; }\n  int b = 0;\n};\n")),
              ElementsAre(Pair(2, 1)));
}

TEST(FunctionsTest, LambdasAndBlocksCountAsPartOfTheirFunction) {
  EXPECT_THAT(sizes(functions_in("void f() {\n  g([] {\n    h();\n  });\n  if (a) {\n  }\n}\n")),
              ElementsAre(Pair(1, 7)));
}

TEST(FunctionsTest, ATableIsNoFunction) {
  EXPECT_TRUE(functions_in("constexpr Name kNames[] = {\n    {f(1), \"a\"},\n};\n").empty());
}

TEST(FunctionsTest, BracesInStringsCommentsAndMacrosDoNotCount) {
  EXPECT_THAT(sizes(functions_in("#define X {\nvoid f() {\n  g(\"{\", '{');  // {\n}\n")),
              ElementsAre(Pair(2, 3)));
}

TEST(FunctionsTest, ATestIsAFunction) {
  EXPECT_THAT(sizes(functions_in("TEST(ATest, Works) {\n  f();\n}\n")), ElementsAre(Pair(1, 3)));
}

TEST(FunctionsTest, ShellFunctionsEndWithTheirBracket) {
  EXPECT_THAT(sizes(shell_functions_in("a() {\n  b\n}\n\nc() (\n  d\n)\n")),
              ElementsAre(Pair(1, 3), Pair(5, 3)));
}

}  // namespace
}  // namespace hailstorm::tidy
