#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "services/lab/faults/fault.h"
#include "services/lab/platform/sample.h"
#include "services/lab/views/traffic_state.h"

namespace hailstorm::lab {

/// Something that happened, for people.
struct LabEvent {
  int64_t id = 0;    // rises by 1
  int64_t t_ms = 0;  // since 1970
  std::string text;
};

/// Says in words what is other than at the last look. Keeps the last kKept events.
///
/// Thread safety: not safe.
class EventWords {
 public:
  static constexpr size_t kKept = 20;

  void look(int64_t t_ms, const PlatformSample& sample, const TrafficState& traffic,
            const std::vector<FaultState>& faults);
  void add(int64_t t_ms, std::string text);
  [[nodiscard]] const std::deque<LabEvent>& events() const { return events_; }

 private:
  struct Process {
    std::string state;
    bool ready = false;
  };
  struct Group {
    int32_t epoch = 0;
    size_t members = 0;
  };

  void look_at_processes(int64_t t_ms, const PlatformSample& sample);
  void look_at_groups(int64_t t_ms, const PlatformSample& sample);
  void look_at_faults(int64_t t_ms, const std::vector<FaultState>& faults);

  std::map<std::string, Process> processes_;
  std::map<std::string, Group> groups_;
  std::map<std::string, FaultPhase> faults_;  // by id
  std::string riders_ = "no riders ride";
  int64_t last_id_ = 0;
  std::deque<LabEvent> events_;
};

}  // namespace hailstorm::lab
