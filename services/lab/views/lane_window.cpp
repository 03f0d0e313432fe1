#include "services/lab/views/lane_window.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace hailstorm::lab {
namespace {

/// The latency that `share` of all do not exceed. Reorders them.
double quantile(std::vector<double>& latencies_ms, double share) {
  if (latencies_ms.empty()) return 0;
  const auto rank = std::ceil(share * static_cast<double>(latencies_ms.size()));
  const auto nth = latencies_ms.begin() + static_cast<std::ptrdiff_t>(std::max(1.0, rank)) - 1;
  std::nth_element(latencies_ms.begin(), nth, latencies_ms.end());
  return *nth;
}

double per_second(int64_t count, int64_t span_ms) {
  return static_cast<double>(count) * 1e3 / static_cast<double>(std::max<int64_t>(span_ms, 1));
}

}  // namespace

void LaneWindow::add(const Answer& answer, int64_t now_ms) {
  ++counts_.requested;
  ++(answer.accepted() ? counts_.accepted : counts_.failed);
  // Late answers of a file that is read late belong to their own time.
  const auto answered_ms =
      answer.sent_at_ms + static_cast<int64_t>(answer.latency_ms - answer.late_ms);
  if (answered_ms <= now_ms - kSpanMs) return;
  answers_.push_back({std::min(answered_ms, now_ms), answer.latency_ms, answer.accepted()});
  if (answers_.size() > kMaxAnswers) answers_.pop_front();
}

void LaneWindow::add_settled(int64_t count, int64_t now_ms) {
  if (count == 0) return;
  counts_.settled += count;
  settled_.push_back({now_ms, count});
}

void LaneWindow::forget(int64_t now_ms) {
  const int64_t begin_ms = now_ms - kSpanMs;
  // Riders note their answers in about this order.
  while (!answers_.empty() && answers_.front().at_ms <= begin_ms) answers_.pop_front();
  while (!settled_.empty() && settled_.front().at_ms <= begin_ms) settled_.pop_front();
}

LaneFigures LaneWindow::figures(int64_t now_ms) {
  forget(now_ms);
  LaneFigures figures = counts_;
  std::vector<double> latencies_ms;
  latencies_ms.reserve(answers_.size());
  int64_t accepted = 0;
  for (const Seen& one : answers_) {
    latencies_ms.push_back(one.latency_ms);
    accepted += one.is_accepted ? 1 : 0;
  }
  if (!answers_.empty()) {
    figures.accepted_ratio = static_cast<double>(accepted) / static_cast<double>(answers_.size());
    const bool is_cut = answers_.size() == kMaxAnswers;
    figures.rate =
        per_second(std::ssize(answers_), is_cut ? now_ms - answers_.front().at_ms : kSpanMs);
  }
  int64_t settled = 0;
  for (const Settled& one : settled_) settled += one.count;
  figures.settled_rate = per_second(settled, kSpanMs);
  figures.p50_ms = quantile(latencies_ms, 0.5);
  figures.p99_ms = quantile(latencies_ms, 0.99);
  return figures;
}

}  // namespace hailstorm::lab
