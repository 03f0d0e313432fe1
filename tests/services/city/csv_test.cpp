#include "services/city/csv.h"

#include <gtest/gtest.h>
#include <string>
#include <string_view>
#include <vector>

namespace hailstorm::city {
namespace {

using Fields = std::vector<std::string>;

Fields fields_of(std::string_view text, char separator = ',') {
  const CsvRecord record = first_record(text, separator);
  EXPECT_EQ(record.problem, "") << text;
  return record.fields;
}

TEST(CsvTest, SplitsQuotedAndPlainFields) {
  EXPECT_EQ(fields_of("a,b,c"), (Fields{"a", "b", "c"}));
  EXPECT_EQ(fields_of("\"a,1\",\"say \"\"hi\"\"\",\r\n"), (Fields{"a,1", "say \"hi\"", ""}));
  EXPECT_EQ(fields_of("a;\"b;c\";d", ';'), (Fields{"a", "b;c", "d"}));
  EXPECT_EQ(fields_of("a, \"b,c\" ,d"), (Fields{"a", "b,c ", "d"})) << "blanks around quotes";
  EXPECT_EQ(fields_of("5\" pipe,\"\",x"), (Fields{"5\" pipe", "", "x"})) << "a quote in a field";
}

// RFC 4180, 2.6.
TEST(CsvTest, LineEndsWithinQuotesBelongToTheField) {
  const std::string_view text = "\"a\nb\",\"c\r\nd\",\"e\rf\"\r\nnext";
  const CsvRecord record = first_record(text, ',');
  EXPECT_EQ(record.fields, (Fields{"a\nb", "c\r\nd", "e\rf"}));
  EXPECT_EQ(text.substr(record.bytes), "next");
  EXPECT_EQ(record.lines, 4);
}

TEST(CsvTest, LinesEndWithLfCrLfOrCr) {
  for (const std::string_view text : {"a,b\nrest", "a,b\r\nrest", "a,b\rrest"}) {
    const CsvRecord record = first_record(text, ',');
    EXPECT_EQ(record.fields, (Fields{"a", "b"}));
    EXPECT_EQ(text.substr(record.bytes), "rest");
    EXPECT_EQ(record.lines, 1);
  }
}

TEST(CsvTest, QuotesThatDoNotEndTakeTheirLineAlone) {
  const std::string lines(500, '\n');
  const std::string bytes(2 * kMostRecordBytes, 'x');
  for (const std::string& after : {std::string("b,c"), lines, "b\n" + bytes}) {
    const std::string text = "\"a\n" + after;
    const CsvRecord record = first_record(text, ',');
    EXPECT_NE(record.problem.find("quotes"), std::string::npos);
    EXPECT_EQ(record.bytes, 3U);
    EXPECT_EQ(record.lines, 1);
  }
}

TEST(CsvTest, ALineLongerThanTheLimitIsNoRecord) {
  const std::string longest(kMostRecordBytes - 1, 'x');
  EXPECT_EQ(fields_of(longest + "\nnext").front().size(), longest.size());
  const CsvRecord record = first_record(longest + "xx\nnext", ',');
  EXPECT_NE(record.problem.find("is longer than 65536 bytes"), std::string::npos);
  EXPECT_TRUE(record.line_goes_on);
}

TEST(CsvTest, AFieldInAMessageIsShortAndPrintable) {
  EXPECT_EQ(shown("40.7"), "40.7");
  EXPECT_EQ(shown("a\x1b[31m\xff"), "a?[31m?");
  EXPECT_EQ(shown(std::string(1'000'000, 'x')), std::string(40, 'x') + "...");
}

}  // namespace
}  // namespace hailstorm::city
