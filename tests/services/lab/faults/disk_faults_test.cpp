#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>

#include "common/store/database.h"
#include "services/lab/faults/disk_full_fault.h"
#include "services/lab/faults/fault_board.h"
#include "services/lab/faults/process_faults.h"
#include "tests/support/await.h"
#include "tests/support/fake_clock.h"
#include "tests/support/matchers.h"
#include "tests/support/small_disk.h"
#include "tests/support/temp_folder.h"

namespace hailstorm::lab {
namespace {

using testing::await;
using ::testing::HasSubstr;
using testing::TempFolder;

/// Processes that live elsewhere: only their data folders matter here.
struct Elsewhere final : ProcessControl {
  explicit Elsewhere(std::string folder) : data(std::move(folder)) {}
  Result<View> look(const std::string&) override {
    return View{.pid = 1, .data = data, .argv = {}};
  }
  Status hold_down(const std::string&, const std::string&) override { return {}; }
  Status let_up(const std::string&, const std::string&) override { return {}; }
  Status restart(const std::string&, int) override { return {}; }
  void hold_stopped(const std::string&, const std::string&, bool) override {}
  void release(const std::string&, const std::string&) override {}
  Result<std::string> run_program(const std::string& program, std::vector<std::string>) override {
    return Error(FaultErrc::failed, "there is no " + program);
  }

  const std::string data;
};

FaultRequest request_of(FaultAction action) {
  FaultRequest request;
  request.id = std::string(name_of(action));
  request.target = "payment";
  request.action = action;
  request.duration_ms = 10'000;
  return request;
}

struct DiskFaultsTest : ::testing::Test {
  testing::SmallDisk disk;  // first: before there are threads
  testing::FakeClock clock;
  Elsewhere elsewhere{disk.path()};
  FaultBoard board{{process_fault_maker(elsewhere)}, clock};

  [[nodiscard]] bool has_room() const {
    std::ofstream file(disk.path() / "file");
    file << std::string(10'000, 'x') << std::flush;
    return file.good();
  }
  [[nodiscard]] bool is_over(const FaultState& state) {
    return await([&] { return board.find(state.request.id)->phase == FaultPhase::proven_off; });
  }
};

TEST_F(DiskFaultsTest, AFullDiskHasNoRoomForAByteUntilTheEndOfTheLease) {
  if (!disk.is_mounted()) GTEST_SKIP() << "mounting is not permitted here";
  const auto full = board.ask(request_of(FaultAction::disk_full));
  ASSERT_OK(full);
  EXPECT_EQ(full->phase, FaultPhase::proven) << full->evidence;
  EXPECT_THAT(full->evidence, HasSubstr("answers ENOSPC"));
  EXPECT_FALSE(has_room());
  clock.advance_ms(10'000);
  EXPECT_TRUE(is_over(*full)) << board.find(full->request.id)->evidence;
  EXPECT_TRUE(has_room());
}

TEST_F(DiskFaultsTest, TheFillerOfAnAgentThatWasKilledIsRemoved) {
  if (!disk.is_mounted()) GTEST_SKIP() << "mounting is not permitted here";
  const auto fault = *process_fault_maker(elsewhere)(request_of(FaultAction::disk_full));
  ASSERT_OK(fault->inject());
  ASSERT_FALSE(has_room());
  remove_filler(disk.path());
  EXPECT_TRUE(has_room());
  EXPECT_OK(fault->revert());
}

TEST_F(DiskFaultsTest, TheMachinesOwnDiskIsNotFilled) {
  const TempFolder folder;
  Elsewhere here(folder.path());
  FaultBoard refusing({process_fault_maker(here)}, clock);
  const auto refused = refusing.ask(request_of(FaultAction::disk_full));
  EXPECT_FAILS_WITH(refused, FaultErrc::not_possible);
  EXPECT_THAT(refused.error().message(), HasSubstr("is no file system of its own"));
}

TEST_F(DiskFaultsTest, ALockedStoreTakesNoWritesAndAnswersReadsUntilTheEndOfTheLease) {
  const TempFolder folder;
  Elsewhere here(folder.path());
  FaultBoard locking({process_fault_maker(here)}, clock);
  EXPECT_FAILS_WITH(locking.ask(request_of(FaultAction::store_lock)), FaultErrc::not_possible);

  const auto service =
      *store::Database::open(folder.path() / "payment.db", store::Database::Mode::read_write, 20);
  ASSERT_OK(service->run_script("CREATE TABLE holds(ride TEXT); INSERT INTO holds VALUES('r')"));
  const auto locked = locking.ask(request_of(FaultAction::store_lock));
  ASSERT_OK(locked);
  EXPECT_EQ(locked->phase, FaultPhase::proven);
  EXPECT_EQ(locked->evidence, "BEGIN IMMEDIATE on payment.db answers busy");
  EXPECT_FAILS_WITH(service->run("INSERT INTO holds VALUES('s')"), store::StoreErrc::busy);
  EXPECT_TRUE(*service->has_row("SELECT 1 FROM holds"));
  ASSERT_OK(locking.revert(locked->request.id));
  EXPECT_OK(service->run("INSERT INTO holds VALUES('s')"));
}

TEST_F(DiskFaultsTest, AStoreThatItsServiceHoldsForTooLongIsNotLocked) {
  const TempFolder folder;
  Elsewhere here(folder.path());
  FaultBoard locking({process_fault_maker(here)}, clock);
  const auto service = *store::Database::open(folder.path() / "payment.db");
  ASSERT_OK(service->begin_immediate());
  EXPECT_FAILS_WITH(locking.ask(request_of(FaultAction::store_lock)), FaultErrc::failed);
  service->rollback();
  EXPECT_OK(locking.ask(request_of(FaultAction::store_lock)));
}

}  // namespace
}  // namespace hailstorm::lab
