#include "tests/tidy/tidy_fixture.h"

namespace hailstorm::tidy {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::StartsWith;

const std::string kLong = std::string(96, 'x') + " tail\n";  // 101 columns

TEST(ColumnsTest, NoLineOfTheTreeIsTooLong) {
  const auto complaints = check_columns(real_tree());
  EXPECT_TRUE(complaints.empty()) << text_of(complaints);
}

TEST(ColumnsTest, ALineOf101ColumnsIsRefused) {
  EXPECT_THAT(check_columns({{"run.sh", "short\n" + kLong}}),
              ElementsAre(StartsWith("run.sh:2: 101 columns")));
}

TEST(ColumnsTest, CharactersAreCountedAndNotBytes) {
  std::string line;
  for (int i = 0; i < 100; ++i) line += "é";
  EXPECT_THAT(check_columns({{"run.sh", line}}), IsEmpty());
  EXPECT_THAT(check_columns({{"run.sh", line + "é"}}),
              ElementsAre(StartsWith("run.sh:1: 101 columns")));
}

TEST(ColumnsTest, ProseOfMarkdownIsCounted) {
  EXPECT_THAT(check_columns({{"a.md", kLong}}), ElementsAre(StartsWith("a.md:1:")));
}

TEST(ColumnsTest, TablesAndCodeOfMarkdownKeepTheirWidth) {
  EXPECT_THAT(check_columns({{"a.md", "| a | " + kLong + "\n    " + kLong + "```\n" + kLong}}),
              IsEmpty());
}

TEST(ColumnsTest, ProseAfterAFenceIsCountedAgain) {
  EXPECT_THAT(check_columns({{"a.md", "```\n" + kLong + "```\n" + kLong}}),
              ElementsAre(StartsWith("a.md:4:")));
}

TEST(ColumnsTest, AnAddressKeepsItsLength) {
  EXPECT_THAT(check_columns({{"a.h", "// https://example.org/" + std::string(100, 'x') + "\n"}}),
              IsEmpty());
}

TEST(ColumnsTest, WhatOthersWroteKeepsItsLength) {
  EXPECT_THAT(check_columns({{"tests/fuzz/corpus/csv/long", kLong},
                             {"tests/kafka/fixtures/sent.jsonl", kLong},
                             {"tests/guards/a.guard", kLong}}),
              IsEmpty());
}

}  // namespace
}  // namespace hailstorm::tidy
