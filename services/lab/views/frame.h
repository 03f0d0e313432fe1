#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "common/json/json.h"
#include "services/lab/faults/fault.h"
#include "services/lab/platform/sample.h"
#include "services/lab/views/event_words.h"
#include "services/lab/views/lane_window.h"
#include "services/lab/views/recent_rides.h"
#include "services/lab/views/ride_watch.h"
#include "services/lab/views/zone_window.h"

namespace hailstorm::lab {

/// All that is seen of a platform at one moment: a stream's event, the line of a recording, and
/// what GET /api/state answers. docs/lab.md describes its JSON.
struct Frame {
  std::string run;   // of the lab; another one: nothing from before counts
  int64_t seq = 0;   // rises by 1
  int64_t t_ms = 0;  // since 1970
  PlatformSample platform;
  LaneFigures log;
  LaneFigures chain;
  json::Value traffic = json::Value::object();  // as GET /api/traffic
  std::vector<RideChange> rides;                // those that changed since the frame before
  std::vector<RecentRides::Change> earlier;     // of the second before, and not since
  RideWatch::PerLane<HopCounts> waiting{};
  std::vector<ZoneFigures> zones;
  std::vector<FaultState> faults;  // all that are known
  std::deque<LabEvent> events;
};

/// How many faults that ended a frame lists at most, and for how long.
inline constexpr size_t kMaxEndedFaults = 20;
inline constexpr int64_t kEndedFaultsMs = 60'000;

/// Version 1. Pure function: safe from any thread.
[[nodiscard]] json::Value to_json(const Frame& frame);

}  // namespace hailstorm::lab
