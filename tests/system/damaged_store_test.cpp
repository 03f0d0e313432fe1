#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <string>

#include "common/store/database.h"
#include "tests/support/await.h"
#include "tests/support/broker_process.h"
#include "tests/support/child.h"
#include "tests/support/matchers.h"
#include "tests/support/run_program.h"
#include "tests/support/temp_folder.h"

namespace hailstorm::testing {
namespace {

namespace fs = std::filesystem;

/// Payment on its own, without a log.
class DamagedStoreTest : public ::testing::Test {
 protected:
  [[nodiscard]] fs::path database() const { return folder_.path() / "data" / "payment.db"; }
  [[nodiscard]] Child start() const {
    return Child({program_folder() / "hail-payment", "--data", folder_.path() / "data",
                  "--http-port", std::to_string(free_port()), "--broker",
                  "hailstorm://127.0.0.1:" + std::to_string(free_port())},
                 {.err = folder_.path() / "err"});
  }
  [[nodiscard]] std::string log() const { return read_text(folder_.path() / "err"); }
  void start_and_await() {
    child_ = start();
    ASSERT_TRUE(await([&] { return log().find("ready to work") != std::string::npos; })) << log();
  }
  /// A store with some hundred pages, of which one is overwritten.
  void damage() {
    {
      const auto db = store::Database::open(database()).value();
      ASSERT_OK(db->begin_immediate());
      for (int i = 0; i < 5'000; ++i) {
        ASSERT_OK(db->run("INSERT INTO inbox(event_id) VALUES(?)",
                          {std::string_view("ride-" + std::to_string(i) + std::string(50, 'x'))}));
      }
      ASSERT_OK(db->commit());
    }
    constexpr int64_t kPage = 4096;
    std::fstream file(database(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<int64_t>(fs::file_size(database())) / kPage / 2 * kPage);
    file << std::string(kPage, '\x5a');
  }

  TempFolder folder_;
  Child child_;
};

// Invariant 63.
TEST_F(DamagedStoreTest, IsRefusedWithWhatToDoAfterAStopThatWasNotClean) {
  start_and_await();
  child_.kill();
  damage();
  child_ = start();
  EXPECT_EQ(child_.wait(), 2);
  EXPECT_NE(log().find("move " + database().string()), std::string::npos) << log();
  child_ = start();
  EXPECT_EQ(child_.wait(), 2) << "looked over again";

  for (const auto* ending : {"", "-wal", "-shm"}) fs::remove(database().string() + ending);
  fs::remove(folder_.path() / "err");
  start_and_await();
}

TEST_F(DamagedStoreTest, IsNotLookedForAfterACleanStop) {
  start_and_await();
  child_.terminate();
  ASSERT_EQ(child_.wait(), 0);
  damage();
  fs::remove(folder_.path() / "err");
  start_and_await();
}

TEST_F(DamagedStoreTest, AFileThatIsNoDatabaseIsRefusedInTheSameWay) {
  start_and_await();
  child_.kill();
  for (const auto* ending : {"-wal", "-shm"}) fs::remove(database().string() + ending);
  std::ofstream(database(), std::ios::trunc) << std::string(8192, 'x');
  child_ = start();
  EXPECT_EQ(child_.wait(), 2);
  EXPECT_NE(log().find("move " + database().string()), std::string::npos) << log();
}

}  // namespace
}  // namespace hailstorm::testing
