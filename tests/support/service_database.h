#pragma once

#include <memory>
#include <string>
#include <vector>

#include "common/base/check.h"
#include "common/service/log_positions.h"
#include "common/store/database.h"
#include "common/store/migrations.h"
#include "tests/support/temp_folder.h"

namespace hailstorm::testing {

/// A database in a folder of its own, with a service's tables and the runtime's that it uses.
/// Thread safety: not safe.
class ServiceDatabase {
 public:
  explicit ServiceDatabase(const std::vector<std::string>& migrations)
      : path_((folder_.path() / "service.db").string()), db_(open()) {
    HAIL_CHECK(store::migrate(*db_, {{"log_positions", service::log_position_migrations()},
                                     {"service", migrations}})
                   .ok());
  }

  [[nodiscard]] store::Database& operator*() { return *db_; }
  [[nodiscard]] const std::string& path() const { return path_; }
  /// One more connection to the same file.
  [[nodiscard]] std::unique_ptr<store::Database> open() const {
    return store::Database::open(path_).value();
  }
  /// The one number that `sql` asks for.
  [[nodiscard]] int64_t number(const std::string& sql) {
    int64_t number = 0;
    HAIL_CHECK(db_->query(sql, {}, [&](const store::Row& row) { number = row.integer(0); }).ok());
    return number;
  }

 private:
  TempFolder folder_;
  std::string path_;
  std::unique_ptr<store::Database> db_;
};

}  // namespace hailstorm::testing
