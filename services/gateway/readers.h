#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <type_traits>
#include <utility>
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

  /// Calls `read(db)` on a connection of its own, and gives the Result<T> that it gave. Errors:
  /// those of opening, too.
  template <class F>
  [[nodiscard]] std::invoke_result_t<F&, store::Database&> with(F read) {
    HAIL_ASSIGN_OR_RETURN(auto connection, take());
    auto outcome = read(*connection);
    give_back(std::move(connection));
    return outcome;
  }

 private:
  [[nodiscard]] Result<std::unique_ptr<store::Database>> take();
  void give_back(std::unique_ptr<store::Database> connection);

  const std::string path_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<store::Database>> idle_;
};

}  // namespace hailstorm::gateway
