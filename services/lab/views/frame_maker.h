#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "common/base/clock.h"
#include "services/lab/views/answer_files.h"
#include "services/lab/views/event_words.h"
#include "services/lab/views/frame.h"
#include "services/lab/views/lane_window.h"
#include "services/lab/views/recent_rides.h"
#include "services/lab/views/ride_watch.h"
#include "services/lab/views/zone_window.h"

namespace hailstorm::lab {

/// What others know of the platform at one moment.
struct FrameSources {
  PlatformSample platform;
  json::Value traffic = json::Value::object();  // as GET /api/traffic
  std::vector<FaultState> faults;
};

/// Makes one frame after the other: adds to what others know what the riders were answered, what
/// became of their rides, and what has changed, in words.
///
/// Thread safety: not safe.
class FrameMaker {
 public:
  /// `data` is the platform's folder. `clock` must remain live while this is in use.
  FrameMaker(std::string run, const std::filesystem::path& data, const Clock& clock);

  [[nodiscard]] Frame make(FrameSources sources);
  /// Nothing is known now: the frame before, with the reason among its events.
  [[nodiscard]] Frame repeat(const std::string& why);

 private:
  [[nodiscard]] Frame next();
  void read_rides(Frame& frame);

  const std::string run_;
  const Clock& clock_;
  AnswerFiles answers_;
  RideWatch rides_;
  RecentRides recent_;
  LaneWindow log_;
  LaneWindow chain_;
  ZoneWindow zones_;
  EventWords words_;
  FrameSources newest_;
  std::string trouble_;
  int64_t seq_ = 0;
};

}  // namespace hailstorm::lab
