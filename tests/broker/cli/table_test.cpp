#include "broker/cli/table.h"

#include <gtest/gtest.h>

namespace hailstorm::cli {
namespace {

TEST(TableTest, NumbersAreAlignedRightAndTextLeft) {
  Table table({"TOPIC", "RECORDS", "SIZE"});
  table.add({"rides", "7", "1.0 KiB"});
  table.add({"ride_matched", "1234567890", "-"});
  EXPECT_EQ(table.render(),
            "TOPIC            RECORDS  SIZE\n"
            "rides                  7  1.0 KiB\n"
            "ride_matched  1234567890  -\n");
}

TEST(TableTest, ATableWithoutRowsHasItsHeadings) {
  EXPECT_EQ(Table({"A", "B"}).render(), "A  B\n");
}

TEST(TableTest, ANameCannotLeaveItsCell) {
  Table table({"GROUP", "LAG"});
  table.add({"a\x1b[2J\nb", "7"});
  table.add({"\xff", "8"});
  table.add({"Z\xc3\xbcrich", "9"});
  EXPECT_EQ(table.render(),
            "GROUP          LAG\n"
            "a\\x1b[2J\\x0ab    7\n"
            "\\xff             8\n"
            "Z\xc3\xbcrich           9\n");
}

TEST(TableTest, SizesHaveUnits) {
  EXPECT_EQ(size_text(0), "0 B");
  EXPECT_EQ(size_text(1'023), "1023 B");
  EXPECT_EQ(size_text(1'536), "1.5 KiB");
  EXPECT_EQ(size_text(int64_t{64} << 20), "64.0 MiB");
}

}  // namespace
}  // namespace hailstorm::cli
