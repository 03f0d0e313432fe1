#include "tests/tidy/tidy_fixture.h"

namespace hailstorm::tidy {
namespace {

using ::testing::ElementsAre;

const std::string kBanned =
    "# comment\n"
    "grue → lantern\n"
    "big zorch → GroupCommit\n"
    "Plugh → the caller\n"
    "nap_for → await → only in tests, not tests/support\n";

Complaints check_text(const std::string& path, const std::string& text) {
  return check_words({{"tests/tidy/banned_words.txt", kBanned}, {path, text}});
}

/// How many banned words the rule finds in the file.
size_t count_in(const std::string& path, const std::string& text) {
  return check_text(path, text).size();
}

TEST(WordsTest, TheTreeHasNoBannedWord) {
  const auto complaints = check_words(real_tree());
  EXPECT_TRUE(complaints.empty()) << text_of(complaints);
}

TEST(WordsTest, ABannedWordIsRefusedWithABetterOne) {
  EXPECT_THAT(check_text("common/base/a.h", "int a;\n// A grue.\n"),
              ElementsAre("common/base/a.h:2: \"grue\": write lantern"));
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
