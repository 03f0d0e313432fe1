#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/json/json.h"
#include "services/lab/faults/fault.h"
#include "services/lab/views/traffic_state.h"

namespace hailstorm::lab {

// Times are in ms since the recording's begin. What was asked for before it has a negative one.

struct TrafficChange {
  int64_t at_ms = 0;
  TrafficState traffic;  // from then on; its rides are those asked for until then
};

struct RecordedFault {
  int64_t at_ms = 0;  // asked for
  FaultRequest request;
  FaultPhase phase = FaultPhase::asked;   // the last that was seen
  std::optional<int64_t> reverted_at_ms;  // nothing: it was still on at the end
};

/// What was asked of a platform, and when: enough to ask it of another one. The head of a
/// recording.
struct Schedule {
  std::string run;                               // of the lab that recorded
  int64_t begin_ms = 0;                          // since 1970
  int64_t end_ms = 0;                            // since 1970
  uint64_t seed = 0;                             // of riders, drivers and cards
  json::Value platform = json::Value::object();  // its other settings
  std::vector<TrafficChange> traffic = {};       // by time; the first is the state at the begin
  std::vector<RecordedFault> faults = {};        // by time

  [[nodiscard]] int64_t duration_ms() const { return end_ms - begin_ms; }
};

/// The first line of a recording, as a document; docs/lab.md has one. Safe from any thread.
[[nodiscard]] json::Value to_json(const Schedule& schedule);
/// Errors not_recording: names what is wrong.
[[nodiscard]] Result<Schedule> schedule_of(const json::Value& document);

}  // namespace hailstorm::lab
