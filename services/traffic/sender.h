#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "common/base/clock.h"
#include "common/base/stop_signal.h"
#include "common/events/lane.h"
#include "common/http/http.h"
#include "services/city/trip.h"
#include "services/traffic/answers_file.h"
#include "services/traffic/schedule.h"

namespace hailstorm::traffic {

struct SenderSettings {
  Address gateway;
  std::vector<events::Lane> lanes;
  std::string act;  // written into each answer
  int64_t seed = 0;
  int64_t first_ride = 0;  // the index of the first trip
  int64_t retries = 0;     // repetitions, with the same key, after no answer or 5xx
  int timeout_ms = 10'000;
};

/// What became of all rides of one run.
struct Totals {
  int64_t sent = 0;  // requests; each ride is one per lane
  int64_t accepted = 0;
  int64_t refused = 0;     // answered, but not 2xx
  int64_t unanswered = 0;  // no answer within the timeout
  double max_late_ms = 0;
};

/// Riders: each sends its ride at its own moment, to every lane at once, and waits for the answer
/// independently of all others. The lanes share nothing here, so that riders that wait on one never
/// delay the other.
///
/// Thread safety: made and run by one thread.
class Sender {
 public:
  /// What is passed in must remain live while it runs.
  Sender(SenderSettings settings, AnswersFile& answers, const Clock& clock);
  ~Sender();
  Sender(const Sender&) = delete;
  Sender& operator=(const Sender&) = delete;

  /// Sends all trips, in order, and returns when each was answered or had no answer in time; or
  /// earlier, when `stop` is requested, with what was sent until then.
  Totals run(const std::vector<city::Trip>& trips, const Schedule& schedule,
             const StopSignal& stop);

 private:
  struct RiderPool;
  struct Ride;
  void send_one(RiderPool& riders, const Ride& ride);

  const SenderSettings settings_;
  AnswersFile& answers_;
  const Clock& clock_;
  std::atomic<bool> stopped_{false};
  std::atomic<int64_t> accepted_{0};
  std::atomic<int64_t> refused_{0};
  std::atomic<int64_t> unanswered_{0};
  std::vector<std::unique_ptr<RiderPool>> riders_;
};

}  // namespace hailstorm::traffic
