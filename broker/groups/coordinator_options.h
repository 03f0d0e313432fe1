#pragma once

#include <cstdint>

namespace hailstorm::groups {

/// What an operator may set of the group coordinator.
struct CoordinatorOptions {
  int32_t session_timeout_ms = 6000;
  int32_t min_session_timeout_ms = 500;
  int32_t max_session_timeout_ms = 60'000;
  int32_t heartbeat_interval_ms = 500;
  int32_t max_members_per_group = 2000;
};

}  // namespace hailstorm::groups
