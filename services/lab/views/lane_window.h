#pragma once

#include <cstdint>
#include <deque>

#include "services/lab/audit/answers.h"

namespace hailstorm::lab {

/// One lane in numbers. Counts are since the lab began; the others are of the last 5 s.
struct LaneFigures {
  int64_t requested = 0;
  int64_t accepted = 0;
  int64_t failed = 0;
  int64_t settled = 0;
  double accepted_ratio = 1;  // 1 without rides, too
  double rate = 0;            // answers per second
  double settled_rate = 0;    // per second
  double p50_ms = 0;
  double p99_ms = 0;
};

/// What the riders of one lane were answered in the last 5 s. Bounded: of more than 8,192 answers
/// the newest count, over the shorter time that they span.
///
/// Thread safety: not safe. Times are on the wall clock, as the riders note them.
class LaneWindow {
 public:
  static constexpr int64_t kSpanMs = 5'000;
  static constexpr size_t kMaxAnswers = 8'192;

  void add(const Answer& answer, int64_t now_ms);
  /// So many rides settled since the last call.
  void add_settled(int64_t count, int64_t now_ms);
  [[nodiscard]] LaneFigures figures(int64_t now_ms);

 private:
  struct Seen {
    int64_t at_ms;
    double latency_ms;
    bool is_accepted;
  };
  struct Settled {
    int64_t at_ms;
    int64_t count;
  };

  void forget(int64_t now_ms);

  LaneFigures counts_;
  std::deque<Seen> answers_;
  std::deque<Settled> settled_;
};

}  // namespace hailstorm::lab
