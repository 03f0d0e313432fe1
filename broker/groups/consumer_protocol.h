#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/wire/messages.h"

/// What members of the protocol type "consumer" send each other through a
/// classic group, as far as an operator wants to see it. Whatever the bytes
/// are, what cannot be read is left out. Pure functions: safe from any thread.
namespace hailstorm::groups {

/// The topics of a subscription.
[[nodiscard]] std::vector<std::string> subscribed_topics(std::string_view subscription);
/// By name, without ids.
[[nodiscard]] std::vector<wire::TopicPartition> assigned_partitions(std::string_view assignment);

}  // namespace hailstorm::groups
