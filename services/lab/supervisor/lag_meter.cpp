#include "services/lab/supervisor/lag_meter.h"

#include "common/log/log.h"

namespace hailstorm::lab {
namespace {

// Short: whoever watches must not stand still while the broker is away.
constexpr int kLagTimeoutMs = 400;

}  // namespace

struct LagMeter::Impl {
  std::vector<std::string> groups;
  std::unique_ptr<log::Engine> engine;
  std::unique_ptr<log::Admin> admin;
  std::map<std::string, int64_t> lags;
};

LagMeter::LagMeter(const std::string& url, std::vector<std::string> groups)
    : impl_(std::make_unique<Impl>()) {
  impl_->groups = std::move(groups);
  auto engine = log::open(url);
  if (!engine.ok()) return;
  impl_->engine = std::move(*engine);
  impl_->admin = impl_->engine->make_admin(kLagTimeoutMs);
}
LagMeter::~LagMeter() = default;

bool LagMeter::refresh() {
  if (impl_->admin == nullptr) return false;
  for (const auto& group : impl_->groups) {
    const auto described = impl_->admin->describe_group(group);
    if (!described.ok()) return false;
    int64_t lag = 0;
    for (const auto& partition : described->partitions) lag += partition.lag;
    impl_->lags[group] = lag;
  }
  return true;
}

int64_t LagMeter::of(const std::string& group) const {
  const auto found = impl_->lags.find(group);
  return found == impl_->lags.end() ? 0 : found->second;
}

}  // namespace hailstorm::lab
