#include "services/gateway/readers.h"

#include <utility>

namespace hailstorm::gateway {
namespace {

// Each holds a page cache; a burst of readers shall not keep its memory.
constexpr size_t kMaxIdle = 4;

}  // namespace

Status Readers::with(const std::function<Status(store::Database&)>& read) {
  std::unique_ptr<store::Database> connection;
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      connection = std::move(idle_.back());
      idle_.pop_back();
    }
  }
  if (!connection) {
    HAIL_ASSIGN_OR_RETURN(connection,
                          store::Database::open(path_, store::Database::Mode::read_only));
  }
  Status outcome = read(*connection);
  const std::lock_guard lock(mutex_);
  if (idle_.size() < kMaxIdle) idle_.push_back(std::move(connection));
  return outcome;
}

}  // namespace hailstorm::gateway
