#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "services/lab/remote/snapshot.h"

/// What frames say of one subject: a process, or a lane. Safe from any thread.
namespace hailstorm::lab {

using Frames = std::vector<Snapshot>;

/// One subject in one span of time. What does not apply to it stays as it is here.
struct BlastFigures {
  double works_percent = 100;  // of the frames
  double accepted_percent = 100;
  double settled_rate = 0;  // rides per second
  double rate = 0;          // events per second
  double p50_ms = 0;
  double p99_ms = 0;
  int64_t errors = 0;  // rides that failed, or dead letters
  int64_t lag = 0;     // records and outbox rows, or rides that are not settled yet; the most
  double lag_s = 0;    // the most
};
[[nodiscard]] BlastFigures measure(const Frames& frames, const std::string& subject);

/// What was usual for a subject before a fault, and so what is not. A subject is hurt
/// - a process: when it did not do its work in two frames; when its lag is in two frames more than
///   before, by three times the spread of before and by what it handles in one second (a service
///   that wakes hands on what waited in one burst: to read that within a frame is no harm); when it
///   has dead letters;
/// - a lane: when it accepted less than before, by more than 0.5 %; when its p99 is more than three
///   times the highest of before and 50 ms;
/// - settling: when more rides wait than before, by three times the spread of before and by what
///   comes in one second.
///
/// Thread safety: a value.
class Usual {
 public:
  Usual(const Frames& before, std::string subject);

  /// Why the subject was hurt meanwhile; empty: it was not.
  [[nodiscard]] std::string deviation(const Frames& meanwhile) const;
  /// Whether it is as before in the frame `now`. `then` is the frame before that.
  [[nodiscard]] bool is_usual(const Snapshot& then, const Snapshot& now) const;

 private:
  [[nodiscard]] std::string process_deviation(const Frames& meanwhile) const;
  [[nodiscard]] std::string lane_deviation(const Frames& meanwhile) const;

  std::string subject_;
  BlastFigures before_;
  int64_t most_lag_ = 0;  // that is usual
};

}  // namespace hailstorm::lab
