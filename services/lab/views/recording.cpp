#include "services/lab/views/recording.h"

#include <algorithm>
#include <utility>

#include "common/json/json.h"

namespace hailstorm::lab {

Recording::Recording(Schedule head, FrameRing::Limits limits)
    : head_(std::move(head)), ring_(limits) {}

void Recording::add(int64_t t_ms, FrameRing::Text frame, const TrafficState& traffic,
                    const std::vector<FaultState>& faults) {
  const std::lock_guard lock(mutex_);
  end_ms_ = std::max(t_ms, end_ms_);  // the wall clock may go back
  ring_.add(end_ms_, std::move(frame));
  note_traffic(end_ms_, traffic);
  note_faults(faults);
  forget_before(ring_.begin_ms());
}

void Recording::note_traffic(int64_t t_ms, const TrafficState& traffic) {
  if (!traffic_.empty() && traffic.is_as(traffic_.back().traffic)) return;
  traffic_.push_back({t_ms, traffic});
}

void Recording::note_faults(const std::vector<FaultState>& faults) {
  for (const FaultState& state : faults) {
    auto known = std::find_if(faults_.rbegin(), faults_.rend(), [&](const RecordedFault& one) {
      return one.request.id == state.request.id;
    });
    if (known == faults_.rend()) {
      if (state.asked_at_ms < ring_.begin_ms() && !state.is_on()) continue;  // of long ago
      faults_.push_back({state.asked_at_ms, state.request, state.phase, std::nullopt});
      known = faults_.rbegin();
    }
    known->phase = state.phase;
    if (state.reverted_at_ms != 0) known->reverted_at_ms = state.reverted_at_ms;
  }
  if (faults_.size() > kMaxFaults) {
    faults_.erase(faults_.begin(), faults_.end() - static_cast<std::ptrdiff_t>(kMaxFaults));
  }
}

/// The last change before the begin stays: it says what holds there.
void Recording::forget_before(int64_t begin_ms) {
  while (traffic_.size() > 1 && traffic_[1].at_ms <= begin_ms) traffic_.erase(traffic_.begin());
  std::erase_if(faults_, [begin_ms](const RecordedFault& fault) {
    return fault.reverted_at_ms && *fault.reverted_at_ms < begin_ms;
  });
}

Schedule Recording::schedule_from(int64_t begin_ms) const {
  Schedule schedule = head_;
  schedule.begin_ms = begin_ms;
  schedule.end_ms = end_ms_;
  for (TrafficChange change : traffic_) {
    change.at_ms = std::max<int64_t>(change.at_ms - begin_ms, 0);
    // Of several before the begin the last one holds there.
    if (change.at_ms == 0) schedule.traffic.clear();
    schedule.traffic.push_back(std::move(change));
  }
  for (RecordedFault fault : faults_) {
    if (fault.reverted_at_ms && *fault.reverted_at_ms < begin_ms) continue;
    fault.at_ms -= begin_ms;
    if (fault.reverted_at_ms) *fault.reverted_at_ms -= begin_ms;
    schedule.faults.push_back(std::move(fault));
  }
  std::stable_sort(schedule.faults.begin(), schedule.faults.end(),
                   [](const auto& a, const auto& b) { return a.at_ms < b.at_ms; });
  return schedule;
}

std::string Recording::lines(int64_t last_ms) const {
  std::unique_lock lock(mutex_);
  if (ring_.size() == 0) return {};
  const int64_t begin_ms = std::max(ring_.begin_ms(), end_ms_ - last_ms);
  const Schedule schedule = schedule_from(begin_ms);
  const auto frames = ring_.since(begin_ms);
  lock.unlock();
  std::string text = json::to_text(to_json(schedule)) + "\n";
  size_t bytes = text.size();
  for (const auto& frame : frames) bytes += frame->size() + 1;
  text.reserve(bytes);
  for (const auto& frame : frames) text.append(*frame).append("\n");
  return text;
}

}  // namespace hailstorm::lab
