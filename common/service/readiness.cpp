#include "common/service/readiness.h"

#include <utility>

#include "common/base/logging.h"

namespace hailstorm::service {

void Readiness::set(const std::string& name, const std::string& why) {
  const std::lock_guard lock(mutex_);
  const auto [reason, is_new] = reasons_.insert_or_assign(name, why);
  if (is_new) log_warn("not ready", {{"reason", name}, {"why", why}});
}

void Readiness::clear(const std::string& name) {
  const std::lock_guard lock(mutex_);
  if (reasons_.erase(name) > 0) log_info("a reason not to be ready is gone", {{"reason", name}});
}

bool Readiness::has(const std::string& name) const {
  const std::lock_guard lock(mutex_);
  return reasons_.contains(name);
}

void Readiness::add_check(std::function<std::string()> check) {
  const std::lock_guard lock(mutex_);
  checks_.push_back(std::move(check));
}

std::vector<std::string> Readiness::reasons() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> all;
  for (const auto& [name, why] : reasons_) all.push_back(why);
  for (const auto& check : checks_) {
    if (auto why = check(); !why.empty()) all.push_back(std::move(why));
  }
  return all;
}

}  // namespace hailstorm::service
