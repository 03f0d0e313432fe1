#include "services/gateway/readers.h"

namespace hailstorm::gateway {
namespace {

// Each holds a page cache; after a burst of readers its memory must go.
constexpr size_t kMaxIdle = 4;

}  // namespace

Result<std::unique_ptr<store::Database>> Readers::take() {
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      auto connection = std::move(idle_.back());
      idle_.pop_back();
      return connection;
    }
  }
  return store::Database::open(path_, store::Database::Mode::read_only);
}

void Readers::give_back(std::unique_ptr<store::Database> connection) {
  const std::lock_guard lock(mutex_);
  if (idle_.size() < kMaxIdle) idle_.push_back(std::move(connection));
}

}  // namespace hailstorm::gateway
