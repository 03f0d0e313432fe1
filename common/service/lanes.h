#pragma once

#include <string_view>

namespace hailstorm::service {

/// The lane of a ride: every row that a service stores carries it.
inline constexpr std::string_view kLogLane = "log";
inline constexpr std::string_view kChainLane = "chain";

}  // namespace hailstorm::service
