#include "services/lab/platform/lag_meter.h"

#include <algorithm>
#include <utility>

#include "common/log/log.h"

namespace hailstorm::lab {
namespace {

// Short: a sample must not wait for a broker that is away.
constexpr int kLagTimeoutMs = 400;

}  // namespace

LagMeter::LagMeter(const std::string& url, std::vector<std::string> groups)
    : groups_(std::move(groups)) {
  auto engine = log::open(url);
  if (!engine.ok()) return;
  engine_ = std::move(*engine);
  admin_ = engine_->make_admin(kLagTimeoutMs);
}
LagMeter::~LagMeter() = default;

bool LagMeter::refresh(int64_t now_ms) {
  if (admin_ == nullptr) return false;
  for (const auto& group : groups_) {
    auto described = admin_->describe_group(group);
    if (!described.ok()) return false;
    for (const auto& one : described->partitions) ends_[one.id].note(one.high_watermark, now_ms);
    described_[group] = std::move(*described);
  }
  return true;
}

int64_t LagMeter::of(const std::string& group) const {
  const auto found = described_.find(group);
  if (found == described_.end()) return 0;
  int64_t lag = 0;
  for (const auto& partition : found->second.partitions) lag += partition.lag;
  return lag;
}

double LagMeter::age_s(const std::string& group, int64_t now_ms) const {
  const auto found = described_.find(group);
  if (found == described_.end()) return 0;
  int64_t oldest_ms = now_ms;
  for (const auto& one : found->second.partitions) {
    const auto ends = ends_.find(one.id);
    if (one.lag == 0 || ends == ends_.end()) continue;
    const int64_t next = std::max(one.committed_offset, one.log_start_offset);
    oldest_ms = std::min(oldest_ms, ends->second.seen_at_ms(next).value_or(now_ms));
  }
  return static_cast<double>(now_ms - oldest_ms) / 1e3;
}

}  // namespace hailstorm::lab
