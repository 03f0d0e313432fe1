#pragma once

#include "common/json/json.h"
#include "common/log/admin.h"

namespace hailstorm::lab {

/// A consumer group as the API tells it: {"group","state","epoch","members":[{"id","instance",
/// "epoch"}…],"topics":{"ride_requested":[{"partition","start","end","committed","lag","owner"}…]}}.
/// Pure function: safe from any thread.
[[nodiscard]] json::Value to_json(const log::GroupDescription& group);

}  // namespace hailstorm::lab
