#include "services/lab/platform/lag_meter.h"

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

bool LagMeter::refresh() {
  if (admin_ == nullptr) return false;
  for (const auto& group : groups_) {
    const auto described = admin_->describe_group(group);
    if (!described.ok()) return false;
    int64_t lag = 0;
    for (const auto& partition : described->partitions) lag += partition.lag;
    lags_[group] = lag;
  }
  return true;
}

int64_t LagMeter::of(const std::string& group) const {
  const auto found = lags_.find(group);
  return found == lags_.end() ? 0 : found->second;
}

}  // namespace hailstorm::lab
