#include "common/base/log_limit.h"

#include <utility>

namespace hailstorm {

/// Nothing: no line of this kind was written yet.
LogLimit::Kind* LogLimit::find(std::string_view kind, int64_t now_ms) {
  if (const auto known = kinds_.find(kind); known != kinds_.end()) return &known->second;
  if (kinds_.size() >= kMostKinds) forget_idle(now_ms);
  if (kinds_.size() < kMostKinds) {
    kinds_.emplace(kind, Kind{now_ms, 0});
    return nullptr;
  }
  if (others_) return &*others_;
  others_ = Kind{now_ms, 0};
  return nullptr;
}

void LogLimit::forget_idle(int64_t now_ms) {
  std::erase_if(kinds_, [&](const auto& entry) {
    return entry.second.held_back == 0 && now_ms - entry.second.written_ms >= kEveryMs;
  });
}

std::optional<uint64_t> LogLimit::admit(std::string_view kind) {
  const std::lock_guard lock(mutex_);
  const int64_t now_ms = clock_.steady_ms();
  Kind* const known = find(kind, now_ms);
  if (known == nullptr) return 0;
  if (now_ms - known->written_ms < kEveryMs) {
    ++known->held_back;
    return std::nullopt;
  }
  known->written_ms = now_ms;
  return std::exchange(known->held_back, 0);
}

std::vector<LogLimit::HeldBack> LogLimit::take(int64_t written_until_ms) {
  std::vector<HeldBack> taken;
  const int64_t now_ms = clock_.steady_ms();
  const auto look_at = [&](std::string_view name, Kind& kind) {
    if (kind.held_back == 0 || kind.written_ms > written_until_ms) return;
    taken.push_back({std::string(name), std::exchange(kind.held_back, 0)});
    kind.written_ms = now_ms;
  };
  for (auto& [name, kind] : kinds_) look_at(name, kind);
  if (others_) look_at("", *others_);
  return taken;
}

std::vector<LogLimit::HeldBack> LogLimit::take_due() {
  const std::lock_guard lock(mutex_);
  return take(clock_.steady_ms() - kEveryMs);
}

std::vector<LogLimit::HeldBack> LogLimit::take_all() {
  const std::lock_guard lock(mutex_);
  return take(INT64_MAX);
}

void LogLimit::forget() {
  const std::lock_guard lock(mutex_);
  kinds_.clear();
  others_.reset();
}

}  // namespace hailstorm
