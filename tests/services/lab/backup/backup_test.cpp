#include "services/lab/backup/backup.h"

#include <atomic>
#include <fstream>
#include <functional>
#include <gtest/gtest.h>
#include <set>
#include <sstream>
#include <string>
#include <thread>
#include <utility>

#include "common/store/database.h"
#include "tests/support/matchers.h"
#include "tests/support/run_program.h"
#include "tests/support/temp_folder.h"

namespace hailstorm::lab {
namespace {

namespace fs = std::filesystem;
using store::Database;
using testing::read_text;

/// A data folder with the gateway's store and one partition, written by hand.
class CopyTest : public ::testing::Test {
 protected:
  CopyTest() {
    fs::create_directories(broker() / "rides-0");
    fs::create_directories(data() / "gateway");
    write(broker() / "VERSION", "hail-broker 1\n");
    write(broker() / "topics.json", "{}\n");
    write(data() / "gateway" / "VERSION", "gateway 1\n");
    write(segment(), "");
    gateway_ = open(data());
    EXPECT_OK(gateway_->run("CREATE TABLE rides(lane, ride_id)"));
    EXPECT_OK(gateway_->run("CREATE TABLE outbox(id INTEGER PRIMARY KEY AUTOINCREMENT, headers)"));
  }

  static void write(const fs::path& file, const std::string& text) { std::ofstream(file) << text; }
  static std::unique_ptr<Database> open(const fs::path& data) {
    return Database::open(data / "gateway" / "gateway.db").value();
  }
  [[nodiscard]] fs::path data() const { return folder_.path() / "data"; }
  [[nodiscard]] fs::path broker() const { return data() / "broker"; }
  [[nodiscard]] fs::path segment() const { return broker() / "rides-0" / kSegment; }
  [[nodiscard]] fs::path copy() const { return folder_.path() / "copy"; }
  [[nodiscard]] Result<BackupSummary> back_up() const {
    return make_backup(
        data(), copy(), [] { return false; }, clock_);
  }
  [[nodiscard]] size_t entries() const {
    return static_cast<size_t>(
        std::distance(fs::directory_iterator(folder_.path()), fs::directory_iterator()));
  }

  static constexpr const char* kSegment = "00000000000000000000.log";
  const SystemClock clock_;
  testing::TempFolder folder_;
  std::unique_ptr<Database> gateway_;
};

/// An outbox and its relay: each event is stored, sent to the log, and only then erased.
class Relay {
 public:
  Relay(Database& store, const fs::path& log) : store_(store), log_(log, std::ios::app) {}

  void relay_one() {
    ++number_;
    EXPECT_OK(store_.run("INSERT INTO outbox(headers) VALUES('')"));
    log_ << number_ << std::endl;
    EXPECT_OK(store_.run("DELETE FROM outbox"));
  }

 private:
  Database& store_;
  std::ofstream log_;
  int64_t number_ = 0;
};

// Invariant 70: else a platform that starts on the copy would miss the one event, or make the other
// a second time.
TEST_F(CopyTest, NoEventIsMissingAndNoneIsNewerThanItsStore) {
  constexpr int kCopies = 150;
  std::atomic<bool> is_over = false;
  std::thread service([&] {
    for (Relay relay(*gateway_, segment()); !is_over;) relay.relay_one();
  });
  int beside_a_change = 0;
  for (int i = 0; i < kCopies; ++i) {
    const auto made = back_up();
    ASSERT_OK(made);
    std::set<int64_t> known;
    std::istringstream log(read_text(copy() / "broker" / "rides-0" / kSegment));
    for (int64_t number = 0; log >> number;) known.insert(number);
    const int64_t sent = known.empty() ? 0 : *known.rbegin();
    int64_t stored = 0;
    const auto store = open(copy());
    ASSERT_OK(store->query("SELECT id FROM outbox", {}, [&](const store::Row& row) {
      known.insert(row.integer(0));
      ++beside_a_change;
    }));
    ASSERT_OK(store->query("SELECT seq FROM sqlite_sequence", {},
                           [&](const store::Row& row) { stored = row.integer(0); }));
    EXPECT_LE(sent, stored) << "the log has an event that its service does not know";
    EXPECT_EQ(std::ssize(known), stored) << "an event is neither in the log nor in the outbox";
    fs::remove_all(copy());
    if (::testing::Test::HasFailure()) break;
  }
  is_over = true;
  service.join();
  EXPECT_GT(beside_a_change, 0) << "no copy was made while an event was on its way";
}

/// What happens while a copy is being made: the first look for a stop comes when all files are
/// open, just before the moment that is copied.
class HappensOnce {
 public:
  explicit HappensOnce(std::function<void()> event) : event_(std::move(event)) {}
  bool operator()() {
    if (event_) std::exchange(event_, nullptr)();
    return false;
  }

 private:
  std::function<void()> event_;
};

TEST_F(CopyTest, ATopicThatIsMadeMeanwhileIsWhollyThere) {
  const auto make_topic = [&] {
    fs::create_directories(broker() / "late-0");
    write(broker() / "late-0" / kSegment, "records");
    write(broker() / "topics.json", "{\"late\":1}\n");
  };
  ASSERT_OK(make_backup(data(), copy(), HappensOnce(make_topic), clock_));
  EXPECT_EQ(read_text(copy() / "broker" / "topics.json"), "{\"late\":1}\n");
  EXPECT_EQ(read_text(copy() / "broker" / "late-0" / kSegment), "records");
}

TEST_F(CopyTest, ASegmentThatIsBegunMeanwhileIsCopied) {
  const char* const next = "00000000000000000007.log";
  write(segment(), "seven");
  const auto begin_segment = [&] {
    write(segment(), "seven records");
    write(broker() / "rides-0" / next, "more");
  };
  ASSERT_OK(make_backup(data(), copy(), HappensOnce(begin_segment), clock_));
  EXPECT_EQ(read_text(copy() / "broker" / "rides-0" / kSegment), "seven records");
  EXPECT_EQ(read_text(copy() / "broker" / "rides-0" / next), "more");
}

TEST_F(CopyTest, ASegmentThatRetentionRemovesMeanwhileIsCopied) {
  const char* const next = "00000000000000000007.log";
  write(segment(), "old");
  write(broker() / "rides-0" / next, "new");
  ASSERT_OK(make_backup(data(), copy(), HappensOnce([&] { fs::remove(segment()); }), clock_));
  EXPECT_EQ(read_text(copy() / "broker" / "rides-0" / kSegment), "old");
  EXPECT_EQ(read_text(copy() / "broker" / "rides-0" / next), "new");
}

/// Calls `look` whenever a try of a copy has failed, and goes on.
class ClockThatLooks final : public Clock {
 public:
  explicit ClockThatLooks(std::function<void()> look) : look_(std::move(look)) {}
  [[nodiscard]] int64_t wall_ms() const override { return 1; }
  [[nodiscard]] int64_t steady_ms() const override {
    look_();
    return 1;
  }

 private:
  std::function<void()> look_;
};

TEST_F(CopyTest, ACompactionThatExchangesSegmentsIsWaitedFor) {
  const fs::path swap = broker() / "rides-0" / "segment-swap";
  const fs::path next = broker() / "rides-0" / "00000000000000000007.log";
  write(segment(), "first");
  write(next, "second");
  write(swap, "both become one");
  int looks = 0;
  const ClockThatLooks clock([&] {
    if (++looks < 3) return;
    write(segment(), "first and second");
    fs::remove(next);
    fs::remove(swap);
  });
  ASSERT_OK(make_backup(
      data(), copy(), [] { return false; }, clock));
  EXPECT_GE(looks, 3);
  EXPECT_EQ(read_text(copy() / "broker" / "rides-0" / kSegment), "first and second");
  EXPECT_FALSE(fs::exists(copy() / "broker" / "rides-0" / next.filename()));
}

TEST_F(CopyTest, ATransactionThatIsCommittedMeanwhileIsCopied) {
  const auto commit = [&] { EXPECT_OK(gateway_->run("INSERT INTO rides VALUES('log', 'r1')")); };
  ASSERT_OK(make_backup(data(), copy(), HappensOnce(commit), clock_));
  int64_t rides = 0;
  ASSERT_OK(open(copy())->query("SELECT count(*) FROM rides", {},
                                [&](const store::Row& row) { rides = row.integer(0); }));
  EXPECT_EQ(rides, 1);
}

TEST_F(CopyTest, WhatIsNotFinishedIsRemoved) {
  write(segment(), std::string(8 << 20, 'x'));
  int looks = 0;
  const auto stopped = make_backup(
      data(), copy(), [&] { return ++looks > 4; }, clock_);
  ASSERT_FALSE(stopped.ok());
  EXPECT_TRUE(stopped.error().is(BackupErrc::stopped)) << stopped.error().message();
  EXPECT_EQ(entries(), 1U) << "only the data folder";
  EXPECT_OK(back_up());
  EXPECT_EQ(entries(), 2U);
}

TEST_F(CopyTest, OnlyWhatAStartNeedsIsCopied) {
  write(segment(), "records");
  for (const char* name : {"LOCK", "x.tmp", "rides-1.deleted", "notes"})
    write(broker() / name, "other");
  for (const char* name : {"recovery-point", "00000000000000000000.index"})
    write(broker() / "rides-0" / name, "of the original file");
  for (const char* name : {"partition", "checkpoint"}) write(broker() / "rides-0" / name, name);
  const auto made = back_up();
  ASSERT_OK(made);
  std::set<std::string> paths;
  for (const auto& file : made->manifest.files) paths.insert(file.path);
  EXPECT_EQ(paths, (std::set<std::string>{"broker/VERSION", "broker/topics.json",
                                          "broker/rides-0/checkpoint", "broker/rides-0/partition",
                                          std::string("broker/rides-0/") + kSegment,
                                          "gateway/VERSION", "gateway/gateway.db"}));
  size_t files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(copy()))
    files += entry.is_regular_file() ? 1 : 0;
  EXPECT_EQ(files, paths.size() + 1) << "and its list of files";
  EXPECT_OK(check_copy(copy(), [] { return false; }));
}

TEST_F(CopyTest, AFileThatWasChangedOrRemovedIsNamed) {
  write(segment(), "records");
  ASSERT_OK(back_up());
  write(copy() / "broker" / "topics.json", "{x\n");
  const auto changed = check_copy(copy(), [] { return false; });
  ASSERT_FALSE(changed.ok());
  EXPECT_TRUE(changed.error().is(BackupErrc::changed));
  EXPECT_NE(changed.error().message().find("broker/topics.json is not as it was copied"),
            std::string::npos)
      << changed.error().message();
  fs::remove(copy() / "broker" / "topics.json");
  const auto removed = check_copy(copy(), [] { return false; });
  ASSERT_FALSE(removed.ok());
  EXPECT_NE(removed.error().message().find("broker/topics.json"), std::string::npos);
}

}  // namespace
}  // namespace hailstorm::lab
