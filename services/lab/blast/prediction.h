#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "services/lab/faults/fault.h"

/// What a fault should do to the others, by the table of services alone. Pure functions: safe from
/// any thread.
namespace hailstorm::lab {

/// What is measured beside each process: whether rides are accepted on a lane, and whether those
/// accepted on the log lane settle in time.
inline constexpr std::string_view kLogLane = "log lane";
inline constexpr std::string_view kLogSettling = "log settling";
inline constexpr std::string_view kChainLane = "chain lane";

/// The processes, then the three above.
[[nodiscard]] std::vector<std::string> blast_subjects();

/// The subject is a part of the target itself: it has no effect on it to be measured.
[[nodiscard]] bool is_hit(const std::string& target, const std::string& subject);

/// Whether the subject should suffer:
/// - a service only from the broker, from its own link to the broker, and from a record in a topic
///   that it reads which it cannot take;
/// - the log lane from the gateway alone;
/// - settling from the broker, and from each service that applies what settles a ride or publishes
///   what such a service reads, and from their links to the broker; not from the gateway, because
///   rides that it does not accept do not wait;
/// - the chain lane from each of its hops, and from the links between them.
[[nodiscard]] bool should_hurt(const std::string& target, FaultAction action,
                               const std::string& subject);

}  // namespace hailstorm::lab
