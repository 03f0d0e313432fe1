#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <string>
#include <sys/stat.h>
#include <vector>

#include "common/store/database.h"
#include "services/registry/services.h"
#include "tests/support/await.h"
#include "tests/support/broker_process.h"
#include "tests/support/child.h"
#include "tests/support/run_program.h"
#include "tests/support/temp_folder.h"

/// The real story with trips of a file, of standard input and of pipes.
namespace hailstorm::lab {
namespace {

namespace fs = std::filesystem;
using testing::ProgramResult;

/// Twenty good rows, one of another year, one at 0/0.
std::string trips() {
  std::string text = "pickup_datetime, pickup_longitude, pickup_latitude\n";
  for (int i = 0; i < 20; ++i) {
    text += fmt::format("2014-04-01 00:{:02}:00,-73.98{:02},40.75{:02}\n", i, i, i);
  }
  return text + "2084-04-01 00:00:00,-73.98,40.75\n2014-04-01 00:00:00,0,0\n";
}

class StoryTripsTest : public ::testing::Test {
 protected:
  StoryTripsTest() { std::ofstream(file()) << trips(); }

  [[nodiscard]] std::string file() const { return folder_.path() / "trips.csv"; }
  [[nodiscard]] fs::path data(const std::string& run) const { return folder_.path() / run; }
  [[nodiscard]] static std::string program() { return testing::program_folder() / "hail-lab"; }
  /// A story of 60 rides; its data folder is `run`. `command` has "$@" where the story's options
  /// belong, the program as $0 and the file's name as $TRIPS.
  [[nodiscard]] ProgramResult play(const std::string& run, const std::string& command) const {
    const std::string port = std::to_string(testing::free_ports(registry::port_range()));
    return testing::run_program(
        {"/bin/bash", "-c", "TRIPS=$1; shift; " + command, program(), file(), "--rides", "60",
         "--rate", "300", "--seed", "7", "--data", data(run), "--report", report(run),
         "--base-port", port, "--programs", testing::program_folder()},
        "", 300'000);
  }
  [[nodiscard]] std::string report(const std::string& run) const {
    return folder_.path() / (run + ".json");
  }
  static void expect_holds(const ProgramResult& result) {
    ASSERT_EQ(result.exit_code, 0) << result.err << result.out;
    EXPECT_NE(result.out.find("Verdict: holds"), std::string::npos) << result.out;
    EXPECT_NE(result.out.find("20 rows read, 2 skipped (1 at 0/0, 1 more than 365 days"),
              std::string::npos)
        << result.out;
  }
  /// The rows that `sql` asks a service's store for, one text each.
  [[nodiscard]] std::vector<std::string> rows(const std::string& run, const std::string& service,
                                              const std::string& sql) const {
    const fs::path path = data(run) / service / (service + ".db");
    auto db = store::Database::open(path.string(), store::Database::Mode::read_only);
    EXPECT_TRUE(db.ok());
    std::vector<std::string> rows;
    if (db.ok()) {
      EXPECT_TRUE(
          (*db)->query(sql, {}, [&](const auto& row) { rows.push_back(row.text(0)); }).ok());
    }
    return rows;
  }
  [[nodiscard]] std::vector<std::string> rides(const std::string& run) const {
    return rows(run, "gateway",
                "SELECT ride_id || ' ' || rider_id || ' ' || idempotency_key || ' ' || pickup_lat "
                "|| ' ' || pickup_lon || ' ' || dropoff_lat || ' ' || dropoff_lon || ' ' || "
                "requested_at_ms FROM rides WHERE lane='log' ORDER BY requested_at_ms, ride_id");
  }
  [[nodiscard]] std::vector<std::string> declined(const std::string& run) const {
    return rows(run, "payment",
                "SELECT ride_id FROM payments WHERE lane='log' AND reason='card_declined' ORDER BY "
                "ride_id");
  }

  testing::TempFolder folder_;
};

// The same seed: the same riders, places, times and declined cards, wherever the trips come from.
TEST_F(StoryTripsTest, APipeIsReadOnceAndTheSameSeedAsksForTheSameRides) {
  const auto from_pipe = play("pipe", "cat \"$TRIPS\" | \"$0\" story --trips - \"$@\"");
  expect_holds(from_pipe);
  EXPECT_EQ(testing::read_text(data("pipe") / "traffic" / "trips.csv"), trips());
  const auto summary = nlohmann::json::parse(testing::read_text(report("pipe")));
  EXPECT_EQ(summary.at("trips").at("source"), "-");
  EXPECT_EQ(summary.at("trips").at("skipped"), 2);
  EXPECT_EQ(summary.at("trips").at("skipped_for").at("other_time"), 1);
  EXPECT_NE(from_pipe.out.find("line 22: is of 2084-04-01"), std::string::npos) << from_pipe.out;

  expect_holds(play("file", "\"$0\" story --trips \"$TRIPS\" \"$@\""));
  EXPECT_FALSE(fs::exists(data("file") / "traffic" / "trips.csv")) << "a file needs no copy";
  EXPECT_EQ(rides("pipe").size(), 60U);
  EXPECT_EQ(rides("pipe"), rides("file"));
  EXPECT_FALSE(declined("pipe").empty());
  EXPECT_EQ(declined("pipe"), declined("file"));
}

TEST_F(StoryTripsTest, AProcessSubstitutionIsReadOnce) {
  expect_holds(play("run", "gzip \"$TRIPS\"; \"$0\" story --trips <(zcat \"$TRIPS.gz\") \"$@\""));
}

TEST_F(StoryTripsTest, AFileOnStandardInputIsReadByItsOwnName) {
  expect_holds(play("run", "\"$0\" story --trips /dev/stdin \"$@\" <\"$TRIPS\""));
}

TEST_F(StoryTripsTest, AFaultOfAFileIsNamedBeforeThereIsAFolder) {
  std::ofstream(file()) << "a,b,c\n1,2,3\n";
  const auto result = play("run", "\"$0\" story --trips \"$TRIPS\" \"$@\"");
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_NE(result.err.find("such as Date/Time,Lat,Lon"), std::string::npos) << result.err;
  EXPECT_FALSE(fs::exists(data("run")));
}

// A limit on the size of files stands for a disk that is full.
TEST_F(StoryTripsTest, ACopyThatFindsNoRoomIsAnErrorAndLeavesNothing) {
  const auto result = play("run",
                           "trap '' XFSZ; ulimit -f 16; (cat \"$TRIPS\"; yes '2014-04-01 "
                           "00:00:00,-73.98,40.75') | \"$0\" story --trips - \"$@\"");
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_NE(result.err.find("cannot keep a copy of '-' in "), std::string::npos) << result.err;
  EXPECT_NE(result.err.find("File too large"), std::string::npos) << result.err;
  EXPECT_FALSE(fs::exists(data("run") / "traffic" / "trips.csv"));
}

TEST_F(StoryTripsTest, ASignalEndsTheWaitForAPipeWithoutAWriter) {
  const std::string fifo = folder_.path() / "fifo";
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  testing::Child story({program(), "story", "--trips", fifo, "--data", data("run"), "--base-port",
                        std::to_string(testing::free_ports(registry::port_range()))});
  ASSERT_TRUE(testing::await([&] { return fs::exists(data("run") / "traffic" / "trips.csv"); }));
  story.interrupt();
  EXPECT_EQ(story.wait(), 130);
  EXPECT_FALSE(fs::exists(data("run") / "traffic" / "trips.csv"));
}

}  // namespace
}  // namespace hailstorm::lab
