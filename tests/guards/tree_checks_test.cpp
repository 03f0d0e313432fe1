#include "tests/guards/tree_checks.h"

#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/guards/guard_tree.h"
#include "tests/guards/test_sources.h"
#include "tests/support/matchers.h"
#include "tests/support/temp_folder.h"

namespace hailstorm::guards {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr const char* kGuard = "tests/guards/log/a-guard.guard";
constexpr const char* kDoc = "docs/invariants.md";

/// A small tree in which everything fits: one guard of invariant 1, and all invariants.
class TreeChecksTest : public ::testing::Test {
 protected:
  TreeChecksTest() {
    write("broker/a.cpp", "int f() { return sync(); }\n");
    write("tests/a/CMakeLists.txt", "hailstorm_test(a_test\n  SOURCES a.cpp LINKS x)\n");
    write("tests/a/a.cpp", "// Invariants 1 and 2.\nTEST_F(ATest, Syncs) {}\n");
    write(kGuard,
          "Invariant 1: it syncs.\nRed: a_test ATest.Syncs\nFile: broker/a.cpp\n"
          "Guard:\n    sync()\nWithout:\n    0\n");
    std::string doc = "# Invariants\n\n## Log\n\n";
    doc += "1. It syncs.\n   - Tests: `a_test ATest.Syncs`\n   - Guards: `a-guard`\n";
    doc += "2. So does this.\n   - Tests: `a_test ATest.Syncs`\n   - Guards: none, it is simple.\n";
    doc += "\n## Replication\n\n";
    for (int number = 3; number <= kLastInvariant; ++number)
      doc += std::to_string(number) + ". Later.\n";
    write(kDoc, doc);
  }

  void write(const std::string& path, const std::string& text) {
    const auto file = root() / path;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file) << text;
  }

  void change(const std::string& path, const std::string& from, const std::string& to) {
    std::string text = read_text(root() / path).value();
    ASSERT_NE(text.find(from), std::string::npos) << from;
    write(path, text.replace(text.find(from), from.size(), to));
  }

  [[nodiscard]] const std::filesystem::path& root() const { return folder_.path(); }

 private:
  testing::TempFolder folder_;
};

TEST_F(TreeChecksTest, ATreeInWhichAllFitsHasNoComplaint) {
  EXPECT_THAT(check_guards(root()), IsEmpty());
  EXPECT_THAT(check_invariants(root()), IsEmpty());
}

TEST_F(TreeChecksTest, AMissingFileIsNamed) {
  change(kGuard, "broker/a.cpp", "broker/b.cpp");
  EXPECT_THAT(check_guards(root()), ElementsAre("a-guard: there is no file broker/b.cpp"));
}

TEST_F(TreeChecksTest, AFragmentThatIsNotThereOnceIsNamed) {
  write("broker/a.cpp", "int f() { return 0; }\n");
  EXPECT_THAT(check_guards(root()), ElementsAre("a-guard: broker/a.cpp does not hold 'sync()'"));
  write("broker/a.cpp", "int f() { return sync() + sync(); }\n");
  EXPECT_THAT(check_guards(root()), ElementsAre("a-guard: broker/a.cpp holds 'sync()' 2 times"));
}

TEST_F(TreeChecksTest, ATestThatDoesNotExistIsNamed) {
  change("tests/a/a.cpp", "Syncs", "SyncsTwice");
  EXPECT_THAT(check_guards(root()), ElementsAre("a-guard: there is no test a_test ATest.Syncs"));
  EXPECT_THAT(check_invariants(root()),
              Contains("invariant 1 names a missing test, a_test ATest.Syncs"));
}

TEST_F(TreeChecksTest, ATestOfAnotherProgramDoesNotCount) {
  change("tests/a/CMakeLists.txt", "a_test", "b_test");
  EXPECT_THAT(check_guards(root()), ElementsAre("a-guard: there is no test a_test ATest.Syncs"));
}

TEST_F(TreeChecksTest, ARecordThatCannotBeReadIsNamed) {
  change(kGuard, "Red:", "Rot:");
  const std::string message = "a-guard.guard: unknown line 2: Rot: a_test ATest.Syncs";
  EXPECT_THAT(check_guards(root()), ElementsAre(message));
  EXPECT_THAT(check_invariants(root()), ElementsAre(message));
}

TEST_F(TreeChecksTest, TwoGuardsOfOneNameAreAnError) {
  write("tests/guards/groups/a-guard.guard", read_text(root() / kGuard).value());
  EXPECT_THAT(check_guards(root()), ElementsAre("two guards have the name a-guard"));
}

TEST_F(TreeChecksTest, EveryNumberIsThereOnce) {
  change(kDoc, "17. Later.", "18. Later.");
  EXPECT_THAT(check_invariants(root()),
              ElementsAre("invariant 17 is in docs/invariants.md 0 times",
                          "invariant 18 is in docs/invariants.md 2 times"));
}

TEST_F(TreeChecksTest, ANumberBeyondTheLastIsAnError) {
  const std::string last = std::to_string(kLastInvariant);
  const std::string beyond = std::to_string(kLastInvariant + 1);
  change(kDoc, last + ". Later.", last + ". Later.\n" + beyond + ". Later.");
  EXPECT_THAT(check_invariants(root()),
              ElementsAre("invariant " + beyond + " is not one of 1 to " + last));
}

TEST_F(TreeChecksTest, AnInvariantNamesItsTestsAndGuards) {
  change(kDoc, "2. So does this.\n   - Tests: `a_test ATest.Syncs`\n   - Guards: none", "2. This");
  EXPECT_THAT(check_invariants(root()),
              ElementsAre("invariant 2 names no test", "invariant 2 has no line 'Guards:'"));
}

TEST_F(TreeChecksTest, AMissingGuardIsNamed) {
  change(kDoc, "Guards: none", "Guards: `b-guard`");
  EXPECT_THAT(check_invariants(root()), ElementsAre("invariant 2 names a missing guard, b-guard"));
}

TEST_F(TreeChecksTest, AGuardIsListedWhereItNamesTheInvariantAndNowhereElse) {
  change(kDoc, "Guards: none", "Guards: `a-guard`");
  EXPECT_THAT(check_invariants(root()),
              ElementsAre("invariant 2 lists a-guard, which does not name it"));
  change(kGuard, "Invariant 1:", "Invariants 1 and 2:");
  EXPECT_THAT(check_invariants(root()), IsEmpty());
  change(kDoc, "Guards: `a-guard`\n2.", "Guards: none\n2.");
  EXPECT_THAT(check_invariants(root()), ElementsAre("invariant 1 does not list its guard a-guard"));
}

TEST_F(TreeChecksTest, TheTestOfAGuardIsListedUnderItsInvariant) {
  write("tests/a/a.cpp", "TEST(ATest, Syncs) {}\nTEST(ATest, SyncsAgain) {}\n");
  change(kGuard, "ATest.Syncs", "ATest.SyncsAgain");
  EXPECT_THAT(check_guards(root()), IsEmpty());
  EXPECT_THAT(check_invariants(root()),
              ElementsAre("invariant 1 does not list ATest.SyncsAgain, the test of its guard "
                          "a-guard"));
}

TEST_F(TreeChecksTest, AGuardIsInTheFolderOfOneOfItsInvariants) {
  std::filesystem::rename(root() / "tests/guards/log", root() / "tests/guards/groups");
  EXPECT_THAT(
      check_invariants(root()),
      ElementsAre("the guard a-guard is in folder groups, none of its invariants is in that "
                  "section"));
}

TEST_F(TreeChecksTest, ACommentNamesAnInvariantThatExists) {
  change("tests/a/a.cpp", "1 and 2", "1, 2 and 99");
  EXPECT_THAT(check_invariants(root()),
              ElementsAre("invariant 99 is named by tests/a/a.cpp and not in docs/invariants.md"));
}

TEST_F(TreeChecksTest, GuardsAreSelectedByTheBeginningOfANameOrByANumber) {
  write("tests/guards/log/a-second.guard",
        "Invariants 2 and 12: b.\nRed: a_test ATest.Syncs\nFile: a\nGuard:\n    a\nWithout:\n");
  const auto guards = read_guards(root());
  ASSERT_OK(guards);
  const auto names = [&](const std::string& wanted) {
    std::vector<std::string> selected;
    for (const auto& guard : select_guards(*guards, wanted)) selected.push_back(guard.name);
    return selected;
  };
  EXPECT_THAT(names(""), ElementsAre("a-guard", "a-second"));
  EXPECT_THAT(names("a-g"), ElementsAre("a-guard"));
  EXPECT_THAT(names("12"), ElementsAre("a-second"));
  EXPECT_THAT(names("1"), ElementsAre("a-guard"));
  EXPECT_THAT(names("guard"), IsEmpty());
}

TEST(InvariantCommentTest, OnlyCommentsCount) {
  EXPECT_THAT(
      invariants_in_comments("/// Invariants 6, 7: a.\nx = \"Invariant 8\";\n  // Invariant 9.\n"),
      ElementsAre(6, 7, 9));
}

// The real tree.
TEST(TreeTest, EveryGuardFits) { EXPECT_THAT(check_guards(HAILSTORM_SOURCE_DIR), IsEmpty()); }

TEST(TreeTest, InvariantsGuardsAndTestsAreInStep) {
  EXPECT_THAT(check_invariants(HAILSTORM_SOURCE_DIR), IsEmpty());
}

}  // namespace
}  // namespace hailstorm::guards
