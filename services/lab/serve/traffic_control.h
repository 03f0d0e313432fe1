#pragma once

#include <cstdint>
#include <deque>
#include <filesystem>
#include <string>
#include <sys/types.h>
#include <vector>

#include "common/base/clock.h"
#include "common/base/result.h"
#include "common/events/lane.h"
#include "common/json/json.h"
#include "services/lab/agent/owner_thread.h"
#include "services/lab/agent/spawn.h"
#include "services/lab/audit/answers.h"

namespace hailstorm::lab {

/// How riders ride: so many a second, on these lanes. Rate 0: nobody does.
struct TrafficOrder {
  double rate = 0;
  std::vector<std::string> lanes = {"log", "chain"};
};
/// {"rate":40.0,"lanes":["log","chain"]}; what is missing stays as it is in `before`. Error
/// bad_request: names the member.
[[nodiscard]] Result<TrafficOrder> traffic_order_of(const json::Value& document,
                                                    const TrafficOrder& before);

/// Riders as processes (hail-traffic) of this one. Each process claims the rides that it will ask
/// for, so none is asked for twice; a change of rate or lanes starts another process, and ends the
/// one before it when that rides: every ride that was asked for is answered and noted.
///
/// Thread safety: safe.
class TrafficControl {
 public:
  struct Settings {
    std::filesystem::path program;  // hail-traffic
    std::string gateway;            // its URL
    std::string trips;              // a file; empty: the built-in city
    int64_t seed = 1;
    std::filesystem::path data;    // its folder traffic has the answers, its folder lab the log
    std::filesystem::path claims;  // the file that counts all rides asked for
  };

  /// `clock` must remain live while this is in use.
  TrafficControl(Settings settings, const Clock& clock);
  /// Ends the riders: each waits for its answer, for at most 3 s.
  ~TrafficControl();
  TrafficControl(const TrafficControl&) = delete;
  TrafficControl& operator=(const TrafficControl&) = delete;

  /// From now on; riders who wait for an answer still get it. Errors: conflict while others send
  /// riders; failed: no process could be started.
  [[nodiscard]] Status set(TrafficOrder order);
  [[nodiscard]] TrafficOrder order();
  /// Others send riders, of whom this knows nothing; empty: no longer.
  void reserve(std::string by_whom);

  /// {"rate","lanes","running","rides","problem"}. running: a rider waits for an answer, or will
  /// ride; rides: how many were answered on one lane at least; problem: why riders ended by
  /// themselves.
  [[nodiscard]] json::Value state();

 private:
  // All of these run on the owner thread, except for the last.
  void tick();
  [[nodiscard]] Status send();
  void ask_all_to_end(size_t but_the_last);
  void reap();
  void note_end(int status, bool is_current);
  [[nodiscard]] SpawnRequest request_of(int64_t rides, const std::filesystem::path& answers) const;

  struct Batch {
    pid_t pid = 0;
    AnswerReader answers;
    int64_t lines[events::kLanes.size()] = {};
    bool is_asked_to_end = false;

    /// Reads what is new; gives how many rides were answered.
    int64_t count_rides();
  };

  const Settings settings_;
  const Clock& clock_;
  TrafficOrder order_;
  std::string reserved_by_;
  std::string problem_;
  int64_t batches_begun_ = 0;
  int64_t next_at_ms_ = 0;     // when the last batch is through
  std::deque<Batch> batches_;  // whose processes live; the last one rides
  int64_t rides_of_ended_ = 0;
  OwnerThread owner_;  // last: it uses all of the above
};

}  // namespace hailstorm::lab
