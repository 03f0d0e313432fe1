#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "common/store/database.h"

namespace hailstorm::lab {

/// New rows of one table of a service's store, beside the service: reads only, and holds no lock
/// between two calls. A store that is not there yet, or cannot be read now, has no new rows.
///
/// Thread safety: not safe.
class StoreTail {
 public:
  /// `columns` of `table`, whose rows have a column `id` that rises. Of a store that is there
  /// already the rows from now on.
  StoreTail(std::filesystem::path file, const std::string& table, const std::string& columns);

  /// Calls `each` with the new rows, in their order, at most kMaxRows at a time. Column
  /// 0 is the id, `columns` follow.
  void read_new(const std::function<void(const store::Row&)>& each);

  static constexpr int64_t kMaxRows = 4'000;

 private:
  [[nodiscard]] bool open();
  [[nodiscard]] Status read_last();

  const std::filesystem::path file_;
  const std::string rows_after_;  // SQL
  const std::string last_row_;    // SQL
  std::unique_ptr<store::Database> database_;
  uint64_t inode_ = 0;
  bool begins_at_end_;
  int64_t last_ = 0;  // the id of the last row that was read
};

}  // namespace hailstorm::lab
