#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/store/database.h"

namespace hailstorm::gateway {

/// Read-only connections to one database, as many as are reading at a time, so that a rider who
/// looks never waits for the writer, nor the writer for a rider.
///
/// Thread safety: safe.
class Readers {
 public:
  /// Connections are opened when they are first needed.
  explicit Readers(std::string database_path) : path_(std::move(database_path)) {}

  /// Runs `read` on a connection of its own, and gives what it gave. Errors: those of opening, too.
  [[nodiscard]] Status with(const std::function<Status(store::Database&)>& read);

 private:
  const std::string path_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<store::Database>> idle_;
};

}  // namespace hailstorm::gateway
