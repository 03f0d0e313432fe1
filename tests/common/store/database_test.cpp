#include "common/store/database.h"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include "common/store/migrations.h"
#include "tests/support/matchers.h"
#include "tests/support/temp_folder.h"

namespace hailstorm::store {
namespace {

class DatabaseTest : public ::testing::Test {
 protected:
  [[nodiscard]] std::string path() const { return (folder_.path() / "test.db").string(); }
  std::unique_ptr<Database> open(Database::Mode mode = Database::Mode::read_write) {
    auto opened = Database::open(path(), mode);
    EXPECT_OK(opened);
    return std::move(opened).value();
  }
  static int64_t number(Database& db, std::string_view sql) {
    int64_t answer = -1;
    EXPECT_OK(db.query(sql, {}, [&](const Row& row) { answer = row.integer(0); }));
    return answer;
  }
  const std::vector<std::string> steps_ = {
      "CREATE TABLE riders(id INTEGER PRIMARY KEY, name TEXT UNIQUE)",
      "ALTER TABLE riders ADD COLUMN age REAL"};

 private:
  testing::TempFolder folder_;
};

TEST_F(DatabaseTest, RowsComeBackAsTheyWereWritten) {
  auto db = open();
  ASSERT_OK(migrate(*db, {{"riders", steps_}}));
  const std::string with_zero("a\0b", 3);
  ASSERT_OK(db->run("INSERT INTO riders(id, name, age) VALUES(?,?,?)",
                    {int64_t{7}, std::string_view(with_zero), 41.5}));
  EXPECT_EQ(db->changes(), 1);
  ASSERT_OK(db->run("INSERT INTO riders(id, name) VALUES(?,?)", {int64_t{8}, nullptr}));
  ASSERT_OK(db->query("SELECT id, name, age FROM riders ORDER BY id", {}, [&](const Row& row) {
    if (row.integer(0) == 7) {
      EXPECT_EQ(row.text(1), with_zero);
      EXPECT_EQ(row.real(2), 41.5);
    } else {
      EXPECT_TRUE(row.is_null(1));
    }
  }));
}

TEST_F(DatabaseTest, AFileThatIsNoDatabaseIsRefused) {
  std::ofstream(path()) << std::string(4096, 'x');
  EXPECT_FAILS_WITH(Database::open(path()), StoreErrc::damaged);
}

TEST_F(DatabaseTest, AReaderOfAMissingFileIsRefused) {
  EXPECT_FAILS_WITH(Database::open(path(), Database::Mode::read_only), StoreErrc::unusable);
}

TEST_F(DatabaseTest, WhatFailsInASavepointIsGoneAndTheRestStays) {
  auto db = open();
  ASSERT_OK(migrate(*db, {{"riders", steps_}}));
  ASSERT_OK(db->begin_immediate());
  ASSERT_OK(db->run("INSERT INTO riders(id) VALUES(1)"));
  const auto insert = [&](int id) {
    return db->run("INSERT INTO riders(id) VALUES(?)", {int64_t{id}});
  };
  const Status failure = Error(StoreErrc::unusable, "the test wants it so");
  EXPECT_FAILS_WITH(db->in_savepoint([&] { return insert(2).ok() ? failure : Status(); }),
                    StoreErrc::unusable);
  ASSERT_OK(db->in_savepoint([&] { return insert(3); }));
  ASSERT_OK(db->commit());
  EXPECT_EQ(number(*db, "SELECT sum(id) FROM riders"), 4);
}

TEST_F(DatabaseTest, OfTwoSavepointsTheOuterTakesTheInnerWithIt) {
  auto db = open();
  ASSERT_OK(migrate(*db, {{"riders", steps_}}));
  const Status failure = Error(StoreErrc::unusable, "the test wants it so");
  ASSERT_OK(db->begin_immediate());
  const auto outer = db->in_savepoint([&] {
    EXPECT_OK(db->run("INSERT INTO riders(id) VALUES(1)"));
    return db->in_savepoint([&] { return failure; });
  });
  EXPECT_FAILS_WITH(outer, StoreErrc::unusable);
  ASSERT_OK(db->commit());
  EXPECT_EQ(number(*db, "SELECT count(*) FROM riders"), 0);
}

TEST_F(DatabaseTest, ASecondRowOfAUniqueNameIsAConstraintError) {
  auto db = open();
  ASSERT_OK(migrate(*db, {{"riders", steps_}}));
  ASSERT_OK(db->run("INSERT INTO riders(name) VALUES('ann')"));
  EXPECT_FAILS_WITH(db->run("INSERT INTO riders(name) VALUES('ann')"), StoreErrc::constraint);
}

TEST_F(DatabaseTest, AStatementThatFailedOnceMaySucceedTheNextTime) {
  auto db = open();
  ASSERT_OK(migrate(*db, {{"riders", steps_}}));
  const auto add = [&](std::string_view name) {
    return db->run("INSERT INTO riders(name) VALUES(?)", {name});
  };
  ASSERT_OK(add("a"));
  EXPECT_FAILS_WITH(add("a"), StoreErrc::constraint);
  EXPECT_OK(add("b"));
}

TEST_F(DatabaseTest, DataVersionChangesWhenAnotherConnectionWrites) {
  auto ours = open();
  ASSERT_OK(migrate(*ours, {{"riders", steps_}}));
  auto theirs = open();
  const auto before = ours->data_version();
  ASSERT_OK(before);
  ASSERT_OK(ours->run("INSERT INTO riders(id) VALUES(1)"));
  EXPECT_EQ(*ours->data_version(), *before);
  ASSERT_OK(theirs->run("INSERT INTO riders(id) VALUES(2)"));
  EXPECT_NE(*ours->data_version(), *before);
}

TEST_F(DatabaseTest, RollbackOutsideATransactionIsHarmless) {
  auto db = open();
  db->rollback();
  EXPECT_OK(migrate(*db, {{"riders", steps_}}));
}

// SIGXFSZ is ignored, as in each of our programs.
TEST_F(DatabaseTest, AFileThatMayNotGrowFurtherIsAFullDisk) {
  std::signal(SIGXFSZ, SIG_IGN);
  auto db = open();
  ASSERT_OK(migrate(*db, {{"riders", steps_}}));
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const rlimit small{200'000, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  Status written;
  const std::string name(10'000, 'x');
  int64_t rows = 0;
  for (; written.ok() && rows < 1'000; ++rows)
    written = db->run("INSERT INTO riders(id, name) VALUES(?,?)",
                      {rows, std::string_view(name + std::to_string(rows))});
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  EXPECT_FAILS_WITH(written, StoreErrc::full);
  EXPECT_EQ(number(*db, "SELECT count(*) FROM riders"), rows - 1);
  EXPECT_OK(db->run("INSERT INTO riders(id, name) VALUES(5000, 'room again')"));
}

}  // namespace
}  // namespace hailstorm::store
