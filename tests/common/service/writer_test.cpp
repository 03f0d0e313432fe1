#include "common/service/writer.h"

#include <atomic>
#include <future>
#include <gtest/gtest.h>
#include <latch>
#include <thread>

#include "tests/common/service/service_fixture.h"

namespace hailstorm::service {
namespace {

enum class TestErrc { refused };
std::string_view name_of(TestErrc) { return "refused"; }

class WriterTest : public ServiceFixture {
 protected:
  WriterTest() { writer_.start(); }
  Status add(const std::string& ride) {
    return writer_.submit([&](store::Database& db) {
      return db.run("INSERT INTO effects(ride_id) VALUES(?)", {std::string_view(ride)});
    });
  }
  Metrics metrics_;
  std::atomic<int> rolled_back_{0};
  std::atomic<int> committed_{0};
  Writer writer_{open(), {[this] { ++rolled_back_; }, [this] { ++committed_; }}, metrics_, clock_};
};

TEST_F(WriterTest, WhatWasSubmittedIsThereWhenSubmitReturns) {
  ASSERT_OK(add("r1"));
  EXPECT_EQ(rows_of("effects"), 1);
  EXPECT_EQ(rolled_back_, 0);
}

TEST_F(WriterTest, WhatIsSubmittedWithoutWaitingIsDurableWhenItIsReportedDone) {
  std::promise<int64_t> rows;
  writer_.submit_soon(
      [](store::Database& db) { return db.run("INSERT INTO effects(ride_id) VALUES('r1')"); },
      [&](const Status& outcome) {
        EXPECT_OK(outcome);
        rows.set_value(rows_of("effects"));
      });
  EXPECT_EQ(rows.get_future().get(), 1);

  std::promise<Status> refused;
  writer_.submit_soon(
      [](store::Database& db) -> Status {
        EXPECT_OK(db.run("INSERT INTO effects(ride_id) VALUES('bad')"));
        return Error(TestErrc::refused, "no");
      },
      [&](Status outcome) { refused.set_value(std::move(outcome)); });
  EXPECT_FAILS_WITH(refused.get_future().get(), TestErrc::refused);
  EXPECT_EQ(rows_of("effects"), 1);
}

TEST_F(WriterTest, WhatIsSubmittedDuringAStopIsReportedDoneOrRefused) {
  int reported = 0;
  for (int i = 0; i < 100; ++i) {
    writer_.submit_soon([](store::Database&) -> Status { return {}; },
                        [&](const Status& outcome) {
                          EXPECT_OK(outcome);
                          ++reported;
                        });
  }
  writer_.stop();
  EXPECT_EQ(reported, 100);
  Status late;
  writer_.submit_soon([](store::Database&) -> Status { return {}; },
                      [&](Status outcome) { late = std::move(outcome); });
  EXPECT_FAILS_WITH(late, WriterErrc::stopping);
}

TEST_F(WriterTest, WorkThatFailsIsRolledBackAlone) {
  // The two pieces wait for the first one, so that they share a transaction.
  std::latch first_runs(1);
  std::latch others_wait(1);
  std::thread first([&] {
    EXPECT_OK(writer_.submit([&](store::Database&) -> Status {
      first_runs.count_down();
      others_wait.wait();
      return {};
    }));
  });
  first_runs.wait();
  std::atomic<int> submitting{0};
  std::thread good([&] {
    ++submitting;
    EXPECT_OK(add("good"));
  });
  std::thread bad([&] {
    ++submitting;
    const auto outcome = writer_.submit([&](store::Database& db) -> Status {
      EXPECT_OK(db.run("INSERT INTO effects(ride_id) VALUES('bad')"));
      return Error(TestErrc::refused, "no");
    });
    EXPECT_FAILS_WITH(outcome, TestErrc::refused);
  });
  while (submitting < 2) std::this_thread::yield();
  others_wait.count_down();
  first.join();
  good.join();
  bad.join();
  EXPECT_EQ(rows_of("effects"), 1);
  EXPECT_EQ(rows_of("effects WHERE ride_id = 'good'"), 1);
  EXPECT_EQ(rolled_back_, 1);
}

TEST_F(WriterTest, ManyThreadsShareTransactions) {
  constexpr int kThreads = 16, kEach = 50;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kEach; ++i) EXPECT_OK(add(std::to_string(t * kEach + i)));
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(rows_of("effects"), kThreads * kEach);
  EXPECT_LT(committed_, kThreads * kEach);
}

// Invariant 41: what could not be committed is nobody's effect. A deferred constraint fails at
// COMMIT alone.
TEST_F(WriterTest, AFailedCommitFailsItsWorkAndNothingElse) {
  ASSERT_OK(db_->run("CREATE TABLE riders(id INTEGER PRIMARY KEY)"));
  ASSERT_OK(db_->run(
      "CREATE TABLE trips(rider INTEGER REFERENCES riders(id) DEFERRABLE INITIALLY DEFERRED)"));
  auto strict = open();
  ASSERT_OK(strict->run("PRAGMA foreign_keys=ON"));
  std::atomic<int> rolled_back = 0;
  Writer writer(std::move(strict), {[&] { ++rolled_back; }, {}}, metrics_, clock_);
  const auto outcome = writer.submit([](store::Database& db) -> Status {
    HAIL_RETURN_IF_ERROR(db.run("INSERT INTO effects(ride_id) VALUES('r1')"));
    return db.run("INSERT INTO trips(rider) VALUES(7)");
  });
  EXPECT_FAILS_WITH(outcome, store::StoreErrc::constraint);
  EXPECT_EQ(rolled_back, 1) << "memory must follow";
  EXPECT_OK(writer.submit(
      [](store::Database& db) { return db.run("INSERT INTO effects(ride_id) VALUES('r2')"); }));
  EXPECT_EQ(rows_of("effects"), 1);
}

TEST_F(WriterTest, AfterStopSubmissionsAreRefused) {
  ASSERT_OK(add("before"));
  writer_.stop();
  EXPECT_FAILS_WITH(add("after"), WriterErrc::stopping);
  EXPECT_EQ(rows_of("effects"), 1);
}

}  // namespace
}  // namespace hailstorm::service
