#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sys/stat.h>
#include <unistd.h>

#include "services/lab/story/acts.h"
#include "services/lab/story/lane_numbers.h"
#include "services/lab/story/report.h"
#include "services/lab/story/settings.h"
#include "services/lab/story/trips.h"
#include "tests/support/temp_folder.h"

namespace hailstorm::lab {
namespace {

using ::testing::HasSubstr;

Answer answer(int status, double latency_ms) {
  Answer one;
  one.status = status;
  one.latency_ms = latency_ms;
  return one;
}

StoryResult good_story() {
  StoryResult result;
  result.seed = 7;
  result.rides = 2;
  result.trips = {"built-in city"};
  ActResult act;
  act.act = scenario().value().at(2);
  act.log.add(answer(202, 1));
  act.log.add(answer(202, 3));
  act.chain.add(answer(504, 1000));
  act.peak_lag = 12;
  result.acts = {act};
  result.audit.log.requested = result.audit.log.accepted = result.audit.log.settled = 2;
  return result;
}

TEST(ActsTest, SixActsShareTheRidesEvenlyAndCompletely) {
  const auto shares = share_evenly(4000, 6);
  ASSERT_EQ(scenario().value().size(), 6U);
  int64_t next = 0;
  for (const Share& share : shares) {
    EXPECT_EQ(share.first, next);
    EXPECT_TRUE(share.count == 666 || share.count == 667);
    next += share.count;
  }
  EXPECT_EQ(next, 4000);
}

TEST(LaneNumbersTest, PercentilesAreOfAllAnswers) {
  LaneNumbers lane;
  EXPECT_EQ(lane.latency_ms(0.99), 0);
  for (int i = 100; i >= 1; --i) lane.add(answer(i <= 90 ? 202 : 502, i));
  EXPECT_EQ(lane.requested(), 100);
  EXPECT_EQ(lane.accepted(), 90);
  EXPECT_EQ(lane.failed(), 10);
  EXPECT_EQ(lane.latency_ms(0.5), 50);
  EXPECT_EQ(lane.latency_ms(0.99), 99);
  EXPECT_EQ(lane.latency_ms(1), 100);
}

TEST(ReportTest, HasTheAgreedShape) {
  const auto report = nlohmann::json::parse(to_json(good_story()));
  EXPECT_EQ(report["verdict"], "holds");
  EXPECT_EQ(report["trips"]["source"], "built-in city");
  const auto& act = report["acts"][0];
  EXPECT_EQ(act["fault"]["kind"], "SIGSTOP");
  EXPECT_EQ(act["fault"]["services"][0], "payment");
  for (const char* field : {"requested", "accepted", "failed", "p50_ms", "p99_ms", "max_ms",
                            "peak_lag", "catch_up_s"}) {
    EXPECT_TRUE(act["log"][field].is_number()) << field;
    EXPECT_TRUE(act["chain"][field].is_number()) << field;
  }
  for (const char* field : {"requested", "accepted", "settled", "lost", "duplicated", "orphaned"}) {
    EXPECT_TRUE(report["audit"]["log"][field].is_number()) << field;
    EXPECT_TRUE(report["audit"]["chain"][field].is_number()) << field;
  }
  EXPECT_TRUE(report["platform"]["peak_rss_mb"].is_number());
  EXPECT_TRUE(report["platform"]["start_to_first_settled_ride_s"].is_null());
}

TEST(TripsTest, OnlyWhatOtherProcessesCanReadUnderTheSameNameIsNotCopied) {
  const testing::TempFolder folder;
  const std::string file = folder.path() / "trips.csv";
  std::ofstream(file) << "rows";
  const std::string link = folder.path() / "link.csv";
  std::filesystem::create_symlink(file, link);
  for (const std::string& readable :
       {std::string(), file, link, folder.path().string(), std::string("/no/such/file")}) {
    EXPECT_FALSE(is_read_once(readable)) << readable;
  }
  const std::string fifo = folder.path() / "fifo";
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  for (const std::string& once : {std::string("-"), fifo, std::string("/dev/zero")}) {
    EXPECT_TRUE(is_read_once(once)) << once;
  }
  const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  ASSERT_EQ(::unlink(file.c_str()), 0);
  EXPECT_TRUE(is_read_once("/proc/self/fd/" + std::to_string(fd))) << "it has no name any more";
  ::close(fd);
}

TEST(ReportTest, VerdictIsBrokenByAnythingMissing) {
  EXPECT_TRUE(good_story().holds());
  auto lost = good_story();
  lost.audit.log.lost = 1;
  EXPECT_FALSE(lost.holds());
  auto refused = good_story();
  refused.audit.log.accepted = 1;
  EXPECT_FALSE(refused.holds());
  auto fewer = good_story();
  fewer.rides = 3;
  EXPECT_FALSE(fewer.holds());
  auto early = good_story();
  early.trouble = "never caught up";
  EXPECT_FALSE(early.holds());
  auto unproven = good_story();
  unproven.add_trouble("kill of payment was not proven (it answers)");
  EXPECT_FALSE(unproven.holds());
  EXPECT_THAT(to_json(unproven), HasSubstr("was not proven"));
}

TEST(ReportTest, WhatTheLogLaneAnsweredInsteadOfAcceptingIsCounted) {
  auto story = good_story();
  EXPECT_EQ(story.log_failures(), "");
  story.acts[0].log.add(answer(400, 1));
  story.acts[0].log.add(answer(400, 1));
  story.acts[0].log.add(answer(0, 1));
  EXPECT_EQ(story.log_failures(), " Not accepted: 1 without an answer, 2 with HTTP 400.");
}

TEST(SettingsTest, BadValuesAreNamed) {
  const auto wrong = [](auto change) {
    StorySettings settings;
    change(settings);
    return settings.check();
  };
  EXPECT_NE(wrong([](auto& s) { s.speedup = 10; }).find("--trips"), std::string::npos);
  EXPECT_NE(wrong([](auto& s) { s.rate = s.speedup = 10.0; }).find("both"), std::string::npos);
  EXPECT_NE(wrong([](auto& s) { s.report = "/no/such/folder/x.json"; }).find("/no/such/folder"),
            std::string::npos);
}

TEST(SettingsTest, ProgramThatIsNotBuiltIsNamedBeforeAnythingStarts) {
  StorySettings settings;
  settings.programs = "/no/such/folder";
  EXPECT_NE(settings.check().find("/no/such/folder/hail-lab is not there"), std::string::npos);
}

TEST(SettingsTest, DataFolderMustBeFresh) {
  const testing::TempFolder folder;
  StorySettings settings;
  settings.data = folder.path();
  EXPECT_EQ(make_data_folder(settings), "");
  std::ofstream(folder.path() / "traffic" / "answers.jsonl") << "{}\n";
  EXPECT_NE(make_data_folder(settings).find("not empty"), std::string::npos);
  StorySettings by_default;
  by_default.home = folder.path() / "home";
  EXPECT_EQ(make_data_folder(by_default), "");
  EXPECT_TRUE(std::filesystem::is_directory(by_default.data));
}

}  // namespace
}  // namespace hailstorm::lab
