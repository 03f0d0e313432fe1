#include "services/lab/views/store_tail.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <utility>

namespace hailstorm::lab {
namespace {

constexpr int kBusyTimeoutMs = 5;  // the next look comes soon

/// 0: there is no such file.
uint64_t inode_of(const std::filesystem::path& file) {
  struct stat found {};
  return ::stat(file.c_str(), &found) == 0 ? found.st_ino : 0;
}

}  // namespace

StoreTail::StoreTail(std::filesystem::path file, const std::string& table,
                     const std::string& columns)
    : file_(std::move(file)),
      rows_after_(fmt::format("SELECT id, {} FROM {} WHERE id > ? ORDER BY id LIMIT {}", columns,
                              table, kMaxRows)),
      last_row_(fmt::format("SELECT coalesce(max(id), 0) FROM {}", table)),
      begins_at_end_(inode_of(file_) != 0) {
  (void)open();
}

bool StoreTail::open() {
  const uint64_t inode = inode_of(file_);
  if (database_ != nullptr && inode == inode_) return true;
  // A file in its place is another store: what it has was in the one before it.
  if (inode_ != 0 && inode != inode_) begins_at_end_ = true;
  database_.reset();
  if (inode == 0) return false;
  auto opened =
      store::Database::open(file_.string(), store::Database::Mode::read_only, kBusyTimeoutMs);
  if (!opened.ok()) return false;
  database_ = std::move(*opened);
  inode_ = inode;
  if (!begins_at_end_ || read_last().ok()) {
    begins_at_end_ = false;
    return true;
  }
  database_.reset();
  return false;
}

Status StoreTail::read_last() {
  return database_->query(last_row_, {}, [this](const store::Row& row) { last_ = row.integer(0); });
}

void StoreTail::read_new(const std::function<void(const store::Row&)>& each) {
  if (!open()) return;
  const Status read = database_->query(rows_after_, {last_}, [&](const store::Row& row) {
    last_ = row.integer(0);
    each(row);
  });
  if (!read.ok()) database_.reset();
}

}  // namespace hailstorm::lab
