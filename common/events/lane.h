#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace hailstorm::events {

/// The way that a ride takes through the platform: `log`, where services read each other's events,
/// or `chain`, where each service calls the next one. Every row that a service stores has its
/// ride's lane.
enum class Lane { log, chain };
inline constexpr std::array kLanes = {Lane::log, Lane::chain};

/// As rows, answers and options have it.
[[nodiscard]] std::string_view name_of(Lane lane);
[[nodiscard]] std::optional<Lane> lane_named(std::string_view name);

}  // namespace hailstorm::events
