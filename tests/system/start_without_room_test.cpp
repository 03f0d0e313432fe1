#include <filesystem>
#include <gtest/gtest.h>

#include "tests/support/await.h"
#include "tests/support/broker_process.h"
#include "tests/support/small_disk.h"
#include "tests/support/starting_program.h"

namespace hailstorm::testing {
namespace {

constexpr const char* kWaits = ": waits for room on the disk";

class StartWithoutRoomTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!disk_.is_mounted()) {
      GTEST_SKIP() << "needs a small disk of its own, and mounting a tmpfs is not permitted here: "
                      "run it as root";
    }
  }
  /// On a disk with so many free bytes: it waits, says so once, and serves when there is room.
  void expect_wait(const std::string& name, uint64_t left_bytes) {
    SCOPED_TRACE(name + ", " + std::to_string(left_bytes) + " bytes are left");
    std::filesystem::remove_all(disk_.path() / "data");
    disk_.leave(left_bytes);
    StartingProgram program(name, disk_.path(), free_port());
    ASSERT_TRUE(await([&] { return program.times_said(kWaits) > 0; })) << program.said();
    EXPECT_FALSE(program.serves());
    ASSERT_FALSE(program.child().has_ended()) << program.said();
    disk_.remove_filler();
    EXPECT_TRUE(await([&] { return program.serves(); }, std::chrono::seconds(5))) << program.said();
    EXPECT_EQ(program.times_said(kWaits), 1) << program.said();
    program.child().terminate();
    EXPECT_EQ(program.child().wait(), 0) << program.said();
  }

  SmallDisk disk_;
};

TEST_F(StartWithoutRoomTest, EachProgramWaitsForRoomOnTheDisk) {
  for (const auto& name : kServers) expect_wait(name, 0);
  expect_wait("hail-lab", 0);
}

// Wherever the room ends: in the folder's own files, in the database, in its log.
TEST_F(StartWithoutRoomTest, AServiceWaitsWhereverTheRoomEnds) {
  for (const uint64_t left_bytes : {4096u, 8192u, 12'288u, 20'480u, 40'960u, 65'536u})
    expect_wait("hail-payment", left_bytes);
}

}  // namespace
}  // namespace hailstorm::testing
