#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <utility>

#include "common/base/clock.h"

namespace hailstorm::simulation {

/// Simulated time: what happens, happens at its moment, one event after the other.
///
/// Thread safety: not safe; one thread runs a simulation.
class Schedule final : public Clock {
 public:
  using Event = std::function<void()>;

  [[nodiscard]] int64_t steady_ms() const override { return now_ms_; }
  [[nodiscard]] int64_t wall_ms() const override { return kStartWallMs + now_ms_; }

  /// Events of one moment happen in the order in which they were added.
  void at(int64_t time_ms, Event event) {
    events_.emplace(std::pair(std::max(time_ms, now_ms_), ++last_number_), std::move(event));
  }
  void after(int64_t delay_ms, Event event) { at(now_ms_ + delay_ms, std::move(event)); }

  /// INT64_MAX: there is no event.
  [[nodiscard]] int64_t next_ms() const {
    return events_.empty() ? std::numeric_limits<int64_t>::max() : events_.begin()->first.first;
  }
  /// REQUIRES: there is an event.
  void run_next() {
    auto next = events_.extract(events_.begin());
    now_ms_ = std::max(now_ms_, next.key().first);
    next.mapped()();
  }
  /// REQUIRES: no event is before that.
  void advance_to(int64_t time_ms) { now_ms_ = std::max(now_ms_, time_ms); }

 private:
  static constexpr int64_t kStartWallMs = 1'767'225'600'000;  // 2026-01-01T00:00:00Z

  int64_t now_ms_ = 1'000;
  uint64_t last_number_ = 0;
  std::map<std::pair<int64_t, uint64_t>, Event> events_;  // by time, then in the order of adding
};

/// One piece of work that is due at a time which may change: it happens once at the earliest time
/// that was asked for.
///
/// Thread safety: not safe. It must outlive the events of `schedule`.
class Timer {
 public:
  Timer(Schedule& schedule, std::function<void()> work)
      : schedule_(schedule), work_(std::move(work)) {}
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;

  void run_by(int64_t time_ms) {
    if (time_ms >= due_ms_) return;
    due_ms_ = time_ms;
    schedule_.at(time_ms, [this, number = ++number_] {
      if (number != number_) return;
      due_ms_ = std::numeric_limits<int64_t>::max();
      work_();
    });
  }

 private:
  Schedule& schedule_;
  std::function<void()> work_;
  int64_t due_ms_ = std::numeric_limits<int64_t>::max();
  uint64_t number_ = 0;  // of the event that counts
};

}  // namespace hailstorm::simulation
