#include "tests/tidy/tidy_fixture.h"

namespace hailstorm::tidy {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

const std::string kBanned =
    "# comment\n"
    "grue → lantern\n"
    "big zorch → GroupCommit\n"
    "Plugh → the caller\n"
    "nap_for → await → only in tests, not tests/support\n";

Tree tree_with(const std::string& path, const std::string& text, const std::string& allowance) {
  return {{"docs/architecture.md", page_with_map("    common/base  results\n")},
          {"tests/tidy/banned_words.txt", kBanned},
          {"tests/tidy/allowance.txt", allowance},
          {path, text}};
}

/// How many banned words the rule finds in the file.
size_t count_in(const std::string& path, const std::string& text) {
  const auto complaints = check_words(tree_with(path, text, ""));
  return complaints.empty() ? 0 : complaints.size() - 1;  // the first one gives the sum
}

TEST(WordsTest, TheTreeHasTheBannedWordsThatAreGrantedAndNoMore) {
  const auto complaints = check_words(real_tree());
  EXPECT_TRUE(complaints.empty()) << text_of(complaints);
}

TEST(WordsTest, AFolderWithMoreThanIsGrantedIsRefused) {
  EXPECT_THAT(
      check_words(tree_with("common/base/a.h", "int a;\n// A grue.\n", "# head\ncommon/base 0\n")),
      ElementsAre(
          StartsWith("tests/tidy/allowance.txt:2: common/base has 1 banned words, 0 are granted"),
          "common/base/a.h:2: \"grue\": write lantern"));
}

TEST(WordsTest, AFolderThatIsNotListedIsGrantedNone) {
  EXPECT_THAT(check_words(tree_with("docs/a.md", "A grue.\n", "")),
              ElementsAre(HasSubstr("docs has 1 banned words, 0 are granted"), HasSubstr("grue")));
}

TEST(WordsTest, AFolderWithFewerThanAreGrantedMustLowerItsNumber) {
  EXPECT_THAT(check_words(tree_with("README2.md", "A grue.\n", ". 3\n")),
              ElementsAre("tests/tidy/allowance.txt:1: . has only 1: lower the number to 1"));
}

TEST(WordsTest, AFolderWithWhatIsGrantedPasses) {
  EXPECT_THAT(check_words(tree_with("common/base/a.h", "// A grue.\n", "common/base 1\n")),
              IsEmpty());
}

TEST(WordsTest, OnlyTenPlacesAFolderAreShown) {
  std::string text;
  for (int i = 0; i < 50; ++i) text += "grue\n";
  EXPECT_THAT(check_words(tree_with("docs/a.md", text, "")), SizeIs(11));
}

TEST(WordsTest, NamesCommentsAndStringsAreSplitIntoWords) {
  EXPECT_EQ(
      count_in("docs/a.cpp", "class BigZorch; big_zorch_; f(\"Big zorch\"); // a big\n// zorch"),
      4U);
  EXPECT_EQ(count_in("docs/a.cpp", "TEST(GrueTest, TheGRUEAndAGrue)"), 3U);
}

TEST(WordsTest, OnlyWholeWordsInARowCount) {
  EXPECT_EQ(count_in("docs/a.md", "gruesome, big. Zorch"), 0U);
}

TEST(WordsTest, AWordWithACapitalIsFoundOnlyWithIt) {
  EXPECT_EQ(count_in("docs/a.md", "Plugh asks. The plugh asks."), 1U);
}

TEST(WordsTest, AWordMayBeBannedInOneFolderOnly) {
  EXPECT_EQ(count_in("tests/common/a.cpp", "nap_for(1);"), 1U);
  EXPECT_EQ(count_in("tests/support/a.cpp", "nap_for(1);"), 0U);
  EXPECT_EQ(count_in("common/a.cpp", "nap_for(1);"), 0U);
}

}  // namespace
}  // namespace hailstorm::tidy
