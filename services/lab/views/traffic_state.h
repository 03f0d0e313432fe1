#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/json/json.h"

namespace hailstorm::lab {

/// What riders do, as GET /api/traffic says it.
struct TrafficState {
  double rate = 0;                 // rides per second
  std::vector<std::string> lanes;  // "log", "chain"
  bool running = false;
  int64_t rides = 0;  // that were asked for since the lab began

  /// Whether the riders do the same, however many rides there were.
  [[nodiscard]] bool is_as(const TrafficState& other) const {
    return rate == other.rate && lanes == other.lanes && running == other.running;
  }
};

/// {"rate":40.0,"lanes":["log","chain"],"running":true,"rides":N}. Safe from any thread, as the
/// next one.
[[nodiscard]] json::Value to_json(const TrafficState& traffic);
/// What is missing stays as it is in a new TrafficState. Error bad_member: names it.
[[nodiscard]] Result<TrafficState> traffic_state_of(const json::Value& document);

}  // namespace hailstorm::lab
