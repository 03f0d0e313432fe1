#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "services/lab/faults/fault.h"
#include "services/lab/views/frame_ring.h"
#include "services/lab/views/schedule.h"

namespace hailstorm::lab {

/// Keeps the last frames, and what was asked of the platform meanwhile.
///
/// Thread safety: safe.
class Recording {
 public:
  /// `head`: run, seed and platform of the schedule.
  explicit Recording(Schedule head, FrameRing::Limits limits = {});

  /// The next frame, and what it was made of. `faults`: all that are known, also those that ended.
  void add(int64_t t_ms, FrameRing::Text frame, const TrafficState& traffic,
           const std::vector<FaultState>& faults);
  /// The last `last_ms` as JSON lines: the schedule, then the frames. Empty: there is no frame yet.
  [[nodiscard]] std::string lines(int64_t last_ms) const;

 private:
  void note_traffic(int64_t t_ms, const TrafficState& traffic);
  void note_faults(const std::vector<FaultState>& faults);
  void forget_before(int64_t begin_ms);
  [[nodiscard]] Schedule schedule_from(int64_t begin_ms) const;

  // Times are since 1970 here.
  static constexpr size_t kMaxFaults = 10'000;
  mutable std::mutex mutex_;
  Schedule head_;
  FrameRing ring_;
  int64_t end_ms_ = 0;
  std::vector<TrafficChange> traffic_;
  std::vector<RecordedFault> faults_;
};

}  // namespace hailstorm::lab
