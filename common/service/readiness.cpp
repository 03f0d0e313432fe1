#include "common/service/readiness.h"

#include <utility>

#include "common/base/enum_name.h"
#include "common/base/logging.h"

namespace hailstorm::service {

std::string_view name_of(Reason reason) { return enum_name(reason); }

void Readiness::set(Reason reason, const std::string& why) {
  const std::lock_guard lock(mutex_);
  const bool is_new = reasons_.insert_or_assign(reason, why).second;
  if (is_new) log_warn("not ready", {{"reason", name_of(reason)}, {"why", why}});
}

void Readiness::clear(Reason reason) {
  const std::lock_guard lock(mutex_);
  if (reasons_.erase(reason) == 0) return;
  log_info("a reason not to be ready is gone", {{"reason", name_of(reason)}});
}

std::string Readiness::why(Reason reason) const {
  const std::lock_guard lock(mutex_);
  const auto found = reasons_.find(reason);
  return found == reasons_.end() ? std::string() : found->second;
}

void Readiness::add_check(std::function<std::string()> check) {
  const std::lock_guard lock(mutex_);
  checks_.push_back(std::move(check));
}

std::vector<std::string> Readiness::reasons() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> all;
  for (const auto& [reason, why] : reasons_) all.push_back(why);
  for (const auto& check : checks_) {
    if (auto why = check(); !why.empty()) all.push_back(std::move(why));
  }
  return all;
}

}  // namespace hailstorm::service
