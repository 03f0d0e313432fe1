#include "services/lab/blast/measure.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "services/lab/blast/prediction.h"

namespace hailstorm::lab {
namespace {

constexpr double kAcceptedPercent = 0.5;
constexpr double kLatencyTimes = 3;
constexpr double kLatencyMs = 50;
constexpr int64_t kSpreads = 3;
constexpr int64_t kFewRecords = 20;
constexpr int kLastingFrames = 2;  // fewer are chance, or one burst of events

bool is_lane(const std::string& subject) {
  return subject == kLogLane || subject == kLogSettling || subject == kChainLane;
}

SeenLane lane_in(const Snapshot& frame, const std::string& subject) {
  const auto found = frame.lanes.find(subject == kChainLane ? "chain" : "log");
  return found == frame.lanes.end() ? SeenLane() : found->second;
}
SeenProcess process_in(const Snapshot& frame, const std::string& subject) {
  const auto found = frame.processes.find(subject);
  return found == frame.processes.end() ? SeenProcess() : found->second;
}

/// Records or rides that wait.
int64_t lag_in(const Snapshot& frame, const std::string& subject) {
  if (is_lane(subject)) {
    const SeenLane lane = lane_in(frame, subject);
    return std::max<int64_t>(0, lane.accepted - lane.settled);
  }
  const SeenProcess process = process_in(frame, subject);
  return process.lag + process.outbox;
}

BlastFigures measure_lane(const Frames& frames, const std::string& subject) {
  BlastFigures figures;
  const SeenLane first = lane_in(frames.front(), subject);
  const SeenLane last = lane_in(frames.back(), subject);
  const int64_t answered = last.requested - first.requested;
  if (answered > 0) {
    const auto accepted = static_cast<double>(last.accepted - first.accepted);
    figures.accepted_percent = std::min(100.0, 100 * accepted / static_cast<double>(answered));
  }
  const int64_t span_ms = frames.back().t_ms - frames.front().t_ms;
  if (span_ms > 0) {
    const double seconds = static_cast<double>(span_ms) / 1e3;
    figures.settled_rate = static_cast<double>(last.settled - first.settled) / seconds;
    figures.rate = static_cast<double>(answered) / seconds;
  }
  figures.errors = last.failed - first.failed;
  for (const auto& frame : frames) {
    const SeenLane lane = lane_in(frame, subject);
    figures.p50_ms = std::max(figures.p50_ms, lane.p50_ms);
    figures.p99_ms = std::max(figures.p99_ms, lane.p99_ms);
  }
  return figures;
}

BlastFigures measure_process(const Frames& frames, const std::string& subject) {
  BlastFigures figures;
  int64_t working = 0;
  for (const auto& frame : frames) {
    const SeenProcess process = process_in(frame, subject);
    working += process.works() ? 1 : 0;
    figures.rate += process.rate / static_cast<double>(frames.size());
    figures.lag_s = std::max(figures.lag_s, process.lag_s);
  }
  figures.works_percent = 100 * static_cast<double>(working) / static_cast<double>(frames.size());
  const int64_t before = process_in(frames.front(), subject).dead_letters;
  // Its count begins at 0 when the process is started again.
  figures.errors = std::max<int64_t>(0, process_in(frames.back(), subject).dead_letters - before);
  return figures;
}

}  // namespace

BlastFigures measure(const Frames& frames, const std::string& subject) {
  if (frames.empty()) return {};
  auto figures =
      is_lane(subject) ? measure_lane(frames, subject) : measure_process(frames, subject);
  for (const auto& frame : frames) figures.lag = std::max(figures.lag, lag_in(frame, subject));
  return figures;
}

Usual::Usual(const Frames& before, std::string subject)
    : subject_(std::move(subject)), before_(measure(before, subject_)) {
  int64_t least = before_.lag;
  for (const auto& frame : before) least = std::min(least, lag_in(frame, subject_));
  const int64_t margin = std::max({kSpreads * (before_.lag - least),
                                   static_cast<int64_t>(std::ceil(before_.rate)), kFewRecords});
  most_lag_ = before_.lag + margin;
}

std::string Usual::process_deviation(const Frames& meanwhile) const {
  const BlastFigures now = measure(meanwhile, subject_);
  const auto idle = std::count_if(meanwhile.begin(), meanwhile.end(), [&](const auto& frame) {
    return !process_in(frame, subject_).works();
  });
  if (idle >= kLastingFrames)
    return fmt::format("it worked in {:.0f} % of the time", now.works_percent);
  const auto late = std::count_if(meanwhile.begin(), meanwhile.end(), [&](const auto& frame) {
    return lag_in(frame, subject_) > most_lag_;
  });
  if (late >= kLastingFrames)
    return fmt::format("its lag rose to {}, {} is usual", now.lag, most_lag_);
  if (now.errors > 0) return fmt::format("it has {} dead letters", now.errors);
  return {};
}

std::string Usual::lane_deviation(const Frames& meanwhile) const {
  const BlastFigures now = measure(meanwhile, subject_);
  if (now.accepted_percent < before_.accepted_percent - kAcceptedPercent) {
    return fmt::format("{:.1f} % were accepted, {:.1f} % before", now.accepted_percent,
                       before_.accepted_percent);
  }
  if (now.p99_ms > kLatencyTimes * before_.p99_ms + kLatencyMs) {
    return fmt::format("its p99 rose to {:.0f} ms, from {:.0f}", now.p99_ms, before_.p99_ms);
  }
  return {};
}

std::string Usual::deviation(const Frames& meanwhile) const {
  if (meanwhile.empty()) return {};
  if (subject_ == kLogSettling) {
    const int64_t lag = measure(meanwhile, subject_).lag;
    if (lag <= most_lag_) return {};
    return fmt::format("{} rides waited, {} are usual", lag, most_lag_);
  }
  return is_lane(subject_) ? lane_deviation(meanwhile) : process_deviation(meanwhile);
}

bool Usual::is_usual(const Snapshot& then, const Snapshot& now) const {
  if (subject_ == kLogSettling) return lag_in(now, subject_) <= most_lag_;
  if (is_lane(subject_)) {
    return lane_in(now, subject_).failed == lane_in(then, subject_).failed;
  }
  return process_in(now, subject_).works() && lag_in(now, subject_) <= most_lag_;
}

}  // namespace hailstorm::lab
