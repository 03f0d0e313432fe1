#pragma once

#include "broker/groups/consumer_messages.h"

namespace hailstorm::groups {

/// Whether a heartbeat of one of Kafka's clients has the fields that it needs, and its assignor and
/// pattern are known ones. An outcome that is not none says what is wrong. Pure: safe from any
/// thread.
[[nodiscard]] wire::Outcome check_fields(const ConsumerHeartbeatRequest& request);

}  // namespace hailstorm::groups
