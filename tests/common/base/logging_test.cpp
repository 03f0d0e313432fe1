#include "common/base/logging.h"

#include <gtest/gtest.h>

namespace hailstorm {
namespace {

std::string logged(LogLevel level, std::string_view message,
                   std::initializer_list<LogField> fields) {
  ::testing::internal::CaptureStderr();
  write_log(level, message, fields);
  return ::testing::internal::GetCapturedStderr();
}

TEST(LoggingTest, ALineIsOneJsonObjectWithItsFields) {
  init_logging("payment");
  const std::string line =
      logged(LogLevel::info, "held", {{"ride_id", "r1"}, {"amount_cents", 250}, {"live", true}});
  EXPECT_NE(line.find(R"("level":"info","service":"payment","msg":"held","ride_id":"r1",)"
                      R"("amount_cents":250,"live":true})"),
            std::string::npos)
      << line;
}

TEST(LoggingTest, CharactersThatWouldBreakTheLineAreEscaped) {
  const std::string line = logged(LogLevel::warn, "a \"b\"\nc\\", {{"k", "\x01"}});
  EXPECT_NE(line.find(R"("msg":"a \"b\"\u000ac\\","k":"\u0001"})"), std::string::npos) << line;
}

// Every line is JSON that a program reads and a terminal shows.
TEST(LoggingTest, NoByteOfAMessageSpoilsTheLine) {
  const std::string line =
      logged(LogLevel::warn, "\xff\xc3\xbc", {{"group", "\x1b[31m\x7f\xc2\x9b\xe2\x80\xae\xc3"}});
  EXPECT_NE(line.find("\"msg\":\"\xef\xbf\xbd\xc3\xbc\",\"group\":"
                      R"("\u001b[31m\u007f\u009b\u202e)"
                      "\xef\xbf\xbd\"}"),
            std::string::npos)
      << line;
}

TEST(LoggingTest, LinesBelowTheLevelAreNotWritten) {
  init_logging("payment", LogLevel::warn);
  EXPECT_EQ(logged(LogLevel::info, "quiet", {}), "");
  init_logging("payment", LogLevel::info);
}

/// Runs in a process of its own, which ends at once.
[[noreturn]] void flood(int lines) {
  init_logging("payment");
  for (int i = 0; i < lines; ++i) log_warn("a flood", {{"number", i}});
  std::exit(0);
}

TEST(LoggingTest, OfManyEqualWarningsOneAndTheirCountAreWritten) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const std::string head = "[^\n]*\"level\":\"warn\",\"service\":\"payment\",\"msg\":\"a flood\",";
  const std::string first = head + "\"number\":0}\n";
  EXPECT_EXIT(flood(1), ::testing::ExitedWithCode(0), "^" + first + "$");
  EXPECT_EXIT(flood(400'000), ::testing::ExitedWithCode(0),
              "^" + first + "(" + head + "\"number\":[0-9]+,\"suppressed\":[0-9]+}\n)*" + head +
                  "\"suppressed\":[0-9]+}\n$");
  EXPECT_EXIT(flood(1'000), ::testing::ExitedWithCode(0),
              "^" + first + head + "\"suppressed\":999}\n$");
}

TEST(LoggingTest, LinesThatAreNoWarningsAreAllWritten) {
  for (int i = 0; i < 3; ++i) {
    EXPECT_NE(logged(LogLevel::info, "a process started", {}), "");
  }
}

TEST(LoggingTest, AFieldCanMakeAKindOfItsOwn) {
  const auto line_of = [](int partition) {
    return logged(LogLevel::error, "a partition did not open",
                  {distinct_by({"partition", partition}), {"why", "damaged"}});
  };
  EXPECT_NE(line_of(0).find(R"("partition":0,"why":"damaged"})"), std::string::npos);
  EXPECT_NE(line_of(1).find(R"("partition":1,"why":"damaged"})"), std::string::npos);
  EXPECT_EQ(line_of(1), "");
}

}  // namespace
}  // namespace hailstorm
