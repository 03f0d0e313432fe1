#include "common/store/migrations.h"

#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <vector>

#include "tests/support/matchers.h"
#include "tests/support/temp_folder.h"

namespace hailstorm::store {
namespace {

const std::vector<std::string> kRiders = {"CREATE TABLE riders(name TEXT)",
                                          "ALTER TABLE riders ADD COLUMN age REAL"};
const std::vector<std::string> kInbox = {"CREATE TABLE inbox(id TEXT)",
                                         "ALTER TABLE inbox ADD COLUMN time INTEGER"};

/// The inbox as it was when one number counted it and the riders.
std::vector<SchemaPart> parts(size_t inbox_steps, size_t rider_steps) {
  const auto first = [](const std::vector<std::string>& steps, size_t count) {
    return std::vector<std::string>(steps.begin(), steps.begin() + static_cast<ptrdiff_t>(count));
  };
  return {{"inbox", first(kInbox, inbox_steps), 1}, {"riders", first(kRiders, rider_steps)}};
}

class MigrationsTest : public ::testing::Test {
 protected:
  std::unique_ptr<Database> open() {
    auto opened = Database::open((folder_.path() / "test.db").string());
    EXPECT_OK(opened);
    return std::move(opened).value();
  }
  int64_t number(std::string_view sql) {
    int64_t answer = -1;
    EXPECT_OK(open()->query(sql, {}, [&](const Row& row) { answer = row.integer(0); }));
    return answer;
  }
  /// As a program left it that had one number for all.
  void write_with_shared_number(const std::vector<std::string>& steps) {
    auto db = open();
    for (const auto& step : steps) ASSERT_OK(db->run_script(step));
    ASSERT_OK(db->run_script("PRAGMA user_version=" + std::to_string(steps.size())));
  }
  void expect_columns(int64_t inbox, int64_t riders) {
    EXPECT_EQ(number("SELECT count(*) FROM pragma_table_info('inbox')"), inbox);
    EXPECT_EQ(number("SELECT count(*) FROM pragma_table_info('riders')"), riders);
  }

 private:
  testing::TempFolder folder_;
};

TEST_F(MigrationsTest, RunOnceAndInOrder) {
  ASSERT_OK(migrate(*open(), parts(1, 1)));
  ASSERT_OK(migrate(*open(), parts(1, 2)));
  ASSERT_OK(migrate(*open(), parts(1, 2)));
  expect_columns(1, 2);
}

TEST_F(MigrationsTest, OnePartsNewStepLeavesTheOthersAlone) {
  ASSERT_OK(migrate(*open(), parts(1, 2)));
  ASSERT_OK(migrate(*open(), parts(2, 2)));
  expect_columns(2, 2);
}

TEST_F(MigrationsTest, ADatabaseOfOneSharedNumberGoesOnWithANumberForEachPart) {
  write_with_shared_number({kInbox[0], kRiders[0]});
  ASSERT_OK(migrate(*open(), parts(2, 2)));
  expect_columns(2, 2);
}

TEST_F(MigrationsTest, ADatabaseOfOneSharedNumberIsTakenAtItsLastStepToo) {
  write_with_shared_number({kInbox[0], kRiders[0], kRiders[1]});
  ASSERT_OK(migrate(*open(), parts(2, 2)));
  expect_columns(2, 2);
}

TEST_F(MigrationsTest, OneThatFailsChangesNothing) {
  EXPECT_FAILS_WITH(migrate(*open(), {{"riders", {kRiders[0], "CREATE NONSENSE"}}}),
                    StoreErrc::failed);
  EXPECT_EQ(number("SELECT count(*) FROM sqlite_master"), 0);
  EXPECT_EQ(number("PRAGMA user_version"), 0);
}

TEST_F(MigrationsTest, ADatabaseOfANewerProgramIsRefused) {
  ASSERT_OK(migrate(*open(), parts(1, 2)));
  EXPECT_FAILS_WITH(migrate(*open(), parts(1, 1)), StoreErrc::unusable);
  EXPECT_FAILS_WITH(migrate(*open(), parts(0, 2)), StoreErrc::unusable);
}

TEST_F(MigrationsTest, ADatabaseOfANewerProgramWithOneSharedNumberIsRefused) {
  write_with_shared_number({kInbox[0], kRiders[0], kRiders[1]});
  EXPECT_FAILS_WITH(migrate(*open(), parts(1, 1)), StoreErrc::unusable);
}

// Such a program knows PRAGMA user_version alone, and refuses what is above its own number.
TEST_F(MigrationsTest, AProgramOfTheSharedNumberRefusesADatabaseWithNumberedParts) {
  ASSERT_OK(migrate(*open(), parts(1, 1)));
  EXPECT_GE(number("PRAGMA user_version"), 1000);
}

}  // namespace
}  // namespace hailstorm::store
