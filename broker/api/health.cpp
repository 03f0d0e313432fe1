#include "broker/api/health.h"

#include <utility>

namespace hailstorm::broker {

void Health::set_ready() {
  const std::lock_guard lock(mutex_);
  reason_.reset();
}

void Health::set_not_ready(std::string reason) {
  const std::lock_guard lock(mutex_);
  reason_ = std::move(reason);
}

std::optional<std::string> Health::not_ready_reason() const {
  const std::lock_guard lock(mutex_);
  return reason_;
}

}  // namespace hailstorm::broker
