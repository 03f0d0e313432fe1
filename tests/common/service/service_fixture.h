#pragma once

#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <vector>

#include "common/base/clock.h"
#include "common/service/log_positions.h"
#include "common/service/outbox.h"
#include "common/store/database.h"
#include "common/store/migrations.h"
#include "tests/support/matchers.h"
#include "tests/support/temp_folder.h"

namespace hailstorm::service {

/// A database with the runtime's tables and one table of effects.
class ServiceFixture : public ::testing::Test {
 protected:
  ServiceFixture() {
    db_ = open();
    EXPECT_OK(store::migrate(
        *db_, {{"runtime", runtime_migrations()},
               {"log_positions", log_position_migrations()},
               {"test", {"CREATE TABLE effects(id INTEGER PRIMARY KEY, ride_id TEXT)"}}}));
  }
  [[nodiscard]] std::string path(const std::string& name) const {
    return (folder_.path() / name).string();
  }
  std::unique_ptr<store::Database> open() {
    auto opened = store::Database::open(path("test.db"));
    EXPECT_OK(opened);
    return std::move(opened).value();
  }
  int64_t rows_of(const std::string& table) {
    int64_t rows = -1;
    EXPECT_OK(db_->query("SELECT count(*) FROM " + table, {},
                         [&](const store::Row& row) { rows = row.integer(0); }));
    return rows;
  }
  static events::Event event(const std::string& ride) {
    return events::make_event("/test", 1, events::RideUnmatched{ride, "rider", "no_driver"});
  }

  const SystemClock clock_;
  testing::TempFolder folder_;
  std::unique_ptr<store::Database> db_;
};

}  // namespace hailstorm::service
