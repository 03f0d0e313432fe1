#include <atomic>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <thread>

#include "tests/support/run_program.h"
#include "tests/system/system_fixture.h"

namespace hailstorm::testing {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

class BackupTest : public ::testing::Test {
 protected:
  [[nodiscard]] ProgramResult lab(const std::vector<std::string>& arguments) const {
    std::vector<std::string> all = {program_folder() / "hail-lab"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    return run_program(all);
  }
  [[nodiscard]] ProgramResult backup(const fs::path& data, const std::string& name) const {
    return lab({"backup", "--data", data, copy(name)});
  }
  [[nodiscard]] fs::path copy(const std::string& name) const { return folder_.path() / name; }
  [[nodiscard]] json audit(const fs::path& data) const {
    return json::parse(lab({"audit", "--json", "--data", data}).out);
  }
  /// The names in the folder of the copies.
  [[nodiscard]] std::set<std::string> left_there() const {
    std::set<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder_.path()))
      names.insert(entry.path().filename());
    return names;
  }

  void expect_no_room(const fs::path& data) const;

  TempFolder folder_;
};

/// Everything in the copy is as the audit wants it, and rides that were accepted before the copy
/// began are in it.
void expect_clean(const json& report, int64_t accepted_before) {
  const auto& log = report.at("log");
  EXPECT_GE(log.at("accepted"), accepted_before) << report;
  EXPECT_EQ(log.at("settled").get<int64_t>() + log.at("on_their_way").get<int64_t>(),
            log.at("accepted").get<int64_t>())
      << report;
  for (const char* word : {"lost", "duplicated", "orphaned"}) EXPECT_EQ(log.at(word), 0) << report;
  EXPECT_EQ(report.at("stores").at("ledger_sum_cents"), 0) << report;
  EXPECT_EQ(report.at("stores").at("double_booked"), 0) << report;
  EXPECT_TRUE(report.at("stores").at("missing").empty()) << report;
  EXPECT_EQ(report.at("log_files").at("corrupt"), 0) << report;
  EXPECT_EQ(report.at("log_files").at("misordered"), 0) << report;
}

/// Rides whose riders have their answer by now.
int64_t accepted_rides(const Platform& platform) {
  std::ifstream answers(platform.data() / "traffic" / "answers.jsonl");
  int64_t accepted = 0;
  for (std::string line; std::getline(answers, line);)
    accepted += line.find("\"status\":20") != std::string::npos ? 1 : 0;
  return accepted;
}

/// A platform on a copy settles all of its rides.
void expect_that_a_platform_starts_on(const fs::path& copy, const json& report) {
  Platform platform({.data = copy});
  platform.wait_until_settled();
  const AuditCounts after = platform.audit();
  EXPECT_EQ(after.accepted, report.at("log").at("accepted")) << after.text;
  EXPECT_EQ(after.settled, after.accepted) << after.text;
  EXPECT_EQ(after.lost + after.duplicated + after.orphaned, 0) << after.text;
  EXPECT_EQ(platform.number("payment", "SELECT coalesce(sum(amount_cents), 0) FROM ledger"), 0);
}

// Invariant 70: a copy of the running platform is what a kill of all its processes at one moment
// would have left.
TEST_F(BackupTest, ACopyOfARunningPlatformAuditsCleanAndAPlatformStartsOnIt) {
  Platform platform;
  platform.ride(1'600, 200);
  platform.wait_for_events("payment", 100);
  for (int i = 0; i < 6; ++i) {
    SCOPED_TRACE(i);
    const int64_t accepted = accepted_rides(platform);
    const auto made = backup(platform.data(), "copy-" + std::to_string(i));
    ASSERT_EQ(made.exit_code, 0) << made.out << made.err;
    expect_clean(audit(copy("copy-" + std::to_string(i))), accepted);
  }
  EXPECT_TRUE(platform.are_riding()) << "the copies were made after the last ride";
  const json report = audit(copy("copy-5"));
  platform.wait_for_riders();
  platform.wait_until_settled();
  expect_all_settled(platform, 1'600);
  expect_that_a_platform_starts_on(copy("copy-5"), report);
}

TEST_F(BackupTest, ProcessesMayBeKilledMeanwhile) {
  Platform platform;
  platform.ride(1'600, 200);
  platform.wait_for_events("payment", 100);
  constexpr int kCopies = 10;
  std::atomic<int> made_copies = 0;
  std::thread copies([&] {
    for (int i = 0; i < kCopies; ++i, ++made_copies) {
      const std::string name = "copy-" + std::to_string(i);
      const int64_t accepted = accepted_rides(platform);
      const auto made = backup(platform.data(), name);
      EXPECT_EQ(made.exit_code, 0) << made.out << made.err;
      expect_clean(audit(copy(name)), accepted);
    }
  });
  const auto victims = platform.names();
  for (size_t i = 0; made_copies < kCopies; ++i) {
    const std::string& victim = victims[i % victims.size()];
    platform.kill(victim);
    platform.start(victim);
    platform.wait_until_ready(victim);
  }
  copies.join();
  platform.wait_for_riders();
  const auto made = backup(platform.data(), "last");
  ASSERT_EQ(made.exit_code, 0) << made.out << made.err;
  const json report = audit(copy("last"));
  expect_clean(report, 1'600);
  EXPECT_EQ(left_there().size(), size_t{kCopies} + 1);
  expect_that_a_platform_starts_on(copy("last"), report);
}

TEST_F(BackupTest, AStoppedPlatformIsCopiedToo) {
  Platform platform;
  platform.ride(100, 200);
  platform.wait_for_riders();
  platform.wait_until_settled();
  for (const auto& name : platform.names()) EXPECT_EQ(platform.stop(name), 0);
  const auto made = backup(platform.data(), "copy");
  ASSERT_EQ(made.exit_code, 0) << made.out << made.err;
  const json report = audit(copy("copy"));
  EXPECT_EQ(report.at("log").at("settled"), 100) << report;
  const auto verified = run_program({program_folder() / "hail", "verify", copy("copy") / "broker"});
  EXPECT_EQ(verified.exit_code, 0) << verified.out << verified.err;
  expect_that_a_platform_starts_on(copy("copy"), report);
}

// As in compose: the lab sees the platform's volumes read-only.
TEST_F(BackupTest, NoRightToWriteIsNeeded) {
  Platform platform;
  platform.ride(1'600, 200);
  platform.wait_for_events("payment", 50);
  const auto back_up = [&](const std::string& name) {
    return run_program(
        {"/usr/bin/unshare", "-m", "/bin/sh", "-c",
         "mount --bind \"$0\" \"$0\" && mount -o remount,ro,bind \"$0\" && exec \"$@\"",
         platform.data(), program_folder() / "hail-lab", "backup", "--data", platform.data(),
         copy(name)});
  };
  const auto running = back_up("running");
  if (running.err.find("mount") != std::string::npos) GTEST_SKIP() << "no right to mount here";
  ASSERT_EQ(running.exit_code, 0) << running.out << running.err;
  expect_clean(audit(copy("running")), 50);
  platform.kill("payment");
  EXPECT_EQ(platform.stop("analytics"), 0);
  const auto without_two = back_up("without-two");
  ASSERT_EQ(without_two.exit_code, 0) << without_two.out << without_two.err;
  expect_clean(audit(copy("without-two")), 50);
  EXPECT_TRUE(platform.are_riding());
}

TEST_F(BackupTest, ACopyKnowsWhetherItIsStillWhole) {
  Platform platform;
  platform.ride(40, 200);
  platform.wait_for_riders();
  platform.wait_until_settled();
  ASSERT_EQ(backup(platform.data(), "copy").exit_code, 0);
  const auto whole = lab({"backup", "--check", copy("copy")});
  EXPECT_EQ(whole.exit_code, 0) << whole.out << whole.err;
  {
    std::fstream store(copy("copy") / "payment" / "payment.db", std::ios::in | std::ios::out);
    store.seekp(5'000);
    store.put('X');
  }
  const auto damaged = lab({"backup", "--check", copy("copy")});
  EXPECT_EQ(damaged.exit_code, 1) << damaged.out << damaged.err;
  EXPECT_NE(damaged.out.find("payment/payment.db is not as it was copied"), std::string::npos);
  const auto none = lab({"backup", "--check", platform.data()});
  EXPECT_EQ(none.exit_code, 2);
  EXPECT_NE(none.err.find("is no copy that 'hail-lab backup' made"), std::string::npos) << none.err;
}

/// On a disk of 64 KiB, which only that program sees.
void BackupTest::expect_no_room(const fs::path& data) const {
  const auto full =
      run_program({"/usr/bin/unshare", "-m", "/bin/sh", "-c",
                   "mount -t tmpfs -o size=64k none \"$1\" && shift && \"$@\"; echo $?;"
                   "ls \"$0\"",
                   copy("disk"), copy("disk"), program_folder() / "hail-lab", "backup", "--data",
                   data, copy("disk") / "copy"});
  if (full.err.find("mount") != std::string::npos) return;  // not permitted here
  EXPECT_EQ(full.out, "2\n") << "and the disk is empty";
  EXPECT_NE(full.err.find("no room for the copy in"), std::string::npos) << full.err;
}

TEST_F(BackupTest, WhereNoCopyCanBeMadeNothingIsLeft) {
  Platform platform;
  const auto expect_refused = [&](const fs::path& dir, const std::string& words) {
    const auto before = left_there();
    const auto refused = lab({"backup", "--data", platform.data(), dir});
    EXPECT_EQ(refused.exit_code, 2) << refused.out;
    EXPECT_NE(refused.err.find(words), std::string::npos) << refused.err;
    EXPECT_EQ(std::count(refused.err.begin(), refused.err.end(), '\n'), 1) << refused.err;
    EXPECT_EQ(left_there(), before);
  };
  fs::create_directory(copy("full"));
  std::ofstream(copy("full") / "file") << "of the user";
  expect_refused(copy("full"), "it is not empty");
  expect_refused(copy("full") / "file", "it is there and no folder");
  expect_refused(copy("none") / "copy", "make it first");
  expect_refused("/proc/copy", "cannot make a copy in /proc/copy");
  const auto nothing = lab({"backup", "--data", folder_.path(), copy("copy")});
  EXPECT_EQ(nothing.exit_code, 2);
  EXPECT_NE(nothing.err.find("holds no folder broker"), std::string::npos) << nothing.err;
  EXPECT_FALSE(fs::exists(copy("copy")));
  fs::create_directory(copy("disk"));
  expect_no_room(platform.data());
  fs::create_directory(copy("empty"));
  EXPECT_EQ(backup(platform.data(), "empty").exit_code, 0);
}

}  // namespace
}  // namespace hailstorm::testing
