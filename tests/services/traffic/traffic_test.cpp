#include <filesystem>
#include <fstream>
#include <functional>
#include <gtest/gtest.h>
#include <map>
#include <nlohmann/json.hpp>

#include "services/traffic/answer.h"
#include "services/traffic/answers_file.h"
#include "services/traffic/schedule.h"
#include "services/traffic/settings.h"
#include "services/traffic/trips.h"
#include "tests/services/traffic/file_lines.h"
#include "tests/support/matchers.h"
#include "tests/support/temp_folder.h"

namespace hailstorm::traffic {
namespace {

using nlohmann::json;

TEST(ScheduleTest, AtARateRidesAreEvenlySpaced) {
  const auto schedule = Schedule::at_rate(200);
  EXPECT_EQ(schedule.due_us(0, 999), 0);
  EXPECT_EQ(schedule.due_us(10, 999), 50'000);
}

TEST(ScheduleTest, AtASpeedupTheTripsOwnClockRunsFaster) {
  const auto schedule = Schedule::at_speedup(60, 1'000);
  EXPECT_EQ(schedule.due_us(5, 61'000), 1'000'000);
  EXPECT_EQ(schedule.due_us(6, 0), 0) << "a trip before the first is due at once";
}

TEST(SettingsTest, EachMistakeIsNamedByItsFlag) {
  const auto complaint = [](const std::function<void(Settings&)>& mistake) {
    Settings settings;
    settings.out = "answers.jsonl";
    mistake(settings);
    const auto checked = settings.check_values();
    return checked.ok() ? std::string() : checked.error().message();
  };
  EXPECT_EQ(complaint([](Settings&) {}), "");
  const std::map<std::string, std::function<void(Settings&)>> mistakes = {
      {"--minutes at this --rate",
       [](Settings& s) {
         s.minutes = 24 * 60;
         s.rate = 100'000;
       }},
      {"--rate or --speedup", [](Settings& s) { s.rate = s.speedup = 5.0; }},
      {"--out", [](Settings& s) { s.out.clear(); }}};
  for (const auto& [flag, mistake] : mistakes) {
    EXPECT_NE(complaint(mistake).find(flag), std::string::npos) << complaint(mistake);
  }
}

TEST(AnswerTest, IsOneLineOfJson) {
  Answer answer;
  answer.act = "matching-killed";
  answer.lane = events::Lane::chain;
  answer.status = 502;
  answer.latency_ms = 12.3456789;
  answer.failed_hop = "matching";
  const json line = json::parse(to_line(answer));
  EXPECT_EQ(line.at("status"), 502);
  EXPECT_EQ(line.at("latency_ms"), 12.346);
  EXPECT_EQ(line.at("failed_hop"), "matching");
  EXPECT_EQ(failed_hop_of(R"({"status":502,"failed_hop":"payment"})"), "payment");
  EXPECT_EQ(failed_hop_of("no json"), "");
}

TEST(AnswerTest, IsReadAsItWasWritten) {
  Answer answer;
  answer.act = "matching-killed";
  answer.lane = events::Lane::chain;
  answer.ride_id = "r1";
  answer.status = 202;
  answer.sent_at_ms = 7;
  const auto read = answer_of(to_line(answer));
  ASSERT_TRUE(read);
  EXPECT_EQ(to_line(*read), to_line(answer));
  EXPECT_TRUE(read->accepted());
}

TEST(AnswerTest, AnotherLineIsNone) {
  for (const char* line : {"", "[]", R"({"lane":"log","ride_id":"r1"})",
                           R"({"lane":"rail","ride_id":"r1","status":202})"}) {
    EXPECT_FALSE(answer_of(line)) << line;
  }
}

TEST(AnswersFileTest, EndsALineThatAnEarlierProcessLeftTorn) {
  const testing::TempFolder folder;
  const auto path = folder.path() / "answers.jsonl";
  std::ofstream(path) << "{\"torn\":";
  auto file = AnswersFile::open(path).value();
  file->append("{}");
  ASSERT_OK(file->close());
  EXPECT_EQ(lines_of(path), (std::vector<std::string>{"{\"torn\":", "{}"}));
}

TEST(TripSourceTest, TheBuiltInCityHasAnyNumberOfTrips) {
  const auto source = TripSource::open("none").value();
  EXPECT_EQ(json::parse(source.summary(40)).at("read"), 40);
  const auto later = source.trips(7, 10, 2);
  EXPECT_EQ(later.at(0).pickup, source.trip(7, 10).pickup);
}

TEST(TripSourceTest, AnyBytesInTheFilesNameAreFine) {
  const testing::TempFolder folder;
  const auto path = folder.path() / "b\xff.csv";
  std::ofstream(path) << "4/1/2014 0:11:00,40.1,-73.9,B\n";
  const auto source = TripSource::open(path.string());
  ASSERT_OK(source);
  EXPECT_EQ(json::parse(source->summary(1)).at("read"), 1);
}

}  // namespace
}  // namespace hailstorm::traffic
