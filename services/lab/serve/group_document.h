#pragma once

#include "common/json/json.h"
#include "common/log/admin.h"

namespace hailstorm::lab {

/// A consumer group as the API gives it: {"group","state","epoch","members":[{"id","instance",
/// "epoch"}…],"topics":{TOPIC:[{"partition","start","end","committed","lag","owner"}…]}}.
/// Pure function: safe from any thread.
[[nodiscard]] json::Value to_json(const log::GroupDescription& group);

}  // namespace hailstorm::lab
