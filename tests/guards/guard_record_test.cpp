#include "tests/guards/guard_record.h"

#include <gtest/gtest.h>

#include "tests/support/matchers.h"

namespace hailstorm::guards {
namespace {

const std::string kRecord =
    "Invariants 1, 2 and 18: a retry waits too.\n"
    "Red: server_test GroupCommitTest.ARetryWaits\n"
    "File: broker/a.cpp\n"
    "Guard:\n"
    "    if (a) {\n"
    "      b();\n"
    "Without:\n"
    "    {\n"
    "File: broker/b.cpp\n"
    "Guard:\n"
    "    sync();\n"
    "Without:\n";

TEST(GuardRecordTest, HasInvariantsATestAndMutations) {
  const auto guard = parse_guard(kRecord);
  ASSERT_OK(guard);
  EXPECT_EQ(guard->invariants, (std::vector<int>{1, 2, 18}));
  EXPECT_EQ(guard->sentence, "a retry waits too.");
  EXPECT_EQ(guard->program, "server_test");
  EXPECT_EQ(guard->test, "GroupCommitTest.ARetryWaits");
  ASSERT_EQ(guard->mutations.size(), 2u);
  EXPECT_EQ(guard->mutations[0].file, "broker/a.cpp");
  EXPECT_EQ(guard->mutations[0].guard, "if (a) {\n  b();");
  EXPECT_EQ(guard->mutations[0].without, "{");
  EXPECT_EQ(guard->mutations[1].guard, "sync();");
  EXPECT_EQ(guard->mutations[1].without, "");
}

std::string without_line(const std::string& line) {
  std::string text = kRecord;
  return text.erase(text.find(line), line.size());
}

TEST(GuardRecordTest, EachPartMustBeThere) {
  for (const char* line :
       {"Invariants 1, 2 and 18: a retry waits too.\n",
        "Red: server_test GroupCommitTest.ARetryWaits\n", "    sync();\n", "Without:\n    {\n"}) {
    EXPECT_FAILS_WITH(parse_guard(without_line(line)), GuardErrc::bad_record);
  }
  EXPECT_FAILS_WITH(parse_guard(kRecord.substr(0, kRecord.rfind("Without:"))),
                    GuardErrc::bad_record);
  EXPECT_FAILS_WITH(parse_guard(kRecord.substr(0, kRecord.find("File:"))), GuardErrc::bad_record);
}

TEST(GuardRecordTest, AnUnknownLineIsNamed) {
  const auto guard = parse_guard("Invariant 1: a.\nNote: b\n");
  ASSERT_FALSE(guard.ok());
  EXPECT_EQ(guard.error().message(), "unknown line 2: Note: b");
}

Result<std::string> replaced(std::string_view text, const std::string& guard,
                             const std::string& without) {
  return replace_guard(text, {"a.cpp", guard, without});
}

TEST(ReplaceGuardTest, TheFragmentAloneChanges) {
  EXPECT_EQ(*replaced("a = b + c;", "b + c", "d"), "a = d;");
  EXPECT_EQ(*replaced("a(); b();", "b();", ""), "a(); ");
}

TEST(ReplaceGuardTest, WhiteSpaceMakesNoDifference) {
  EXPECT_EQ(*replaced("if (a &&\n      b) return  c;", "if( a&&b ) return c;", "{}"), "{}");
  EXPECT_FAILS_WITH(replaced("returnc;", "return c;", ""), GuardErrc::no_match);
}

TEST(ReplaceGuardTest, AWordMatchesAsAWhole) {
  EXPECT_EQ(*replaced("first_at(at);", "at", "x"), "first_at(x);");
  EXPECT_FAILS_WITH(replaced("end(begin)", "gin)", ""), GuardErrc::no_match);
}

TEST(ReplaceGuardTest, AFragmentThatIsMissingOrThereTwiceIsAnError) {
  const auto missing = replaced("a();", "b();", "");
  EXPECT_FAILS_WITH(missing, GuardErrc::no_match);
  EXPECT_EQ(missing.error().message(), "a.cpp does not hold 'b();'");
  const auto twice = replaced("b(); b();", "b();", "");
  EXPECT_FAILS_WITH(twice, GuardErrc::many_matches);
  EXPECT_EQ(twice.error().message(), "a.cpp holds 'b();' 2 times");
}

}  // namespace
}  // namespace hailstorm::guards
