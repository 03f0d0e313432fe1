#include "services/lab/blast/prediction.h"

#include <algorithm>

#include "services/registry/dependencies.h"
#include "services/registry/services.h"

namespace hailstorm::lab {
namespace {

bool is_service(std::string_view name) {
  const auto all = registry::names();
  return std::find(all.begin(), all.end(), name) != all.end();
}

/// "payment" of "payment:broker"; empty: the target is no link.
std::string caller_of(const std::string& target) {
  const size_t colon = target.find(':');
  return colon == std::string::npos ? std::string() : target.substr(0, colon);
}
std::string server_of(const std::string& target) {
  const size_t colon = target.find(':');
  return colon == std::string::npos ? std::string() : target.substr(colon + 1);
}

/// A ride settles later when this service does not work, or does not reach the log.
bool holds_up_settling(const std::string& service) {
  if (!registry::service(service).settling_events.empty()) return true;
  const auto& all = registry::services();
  return std::any_of(all.begin(), all.end(), [&](const auto& one) {
    return !one.settling_events.empty() && registry::reads_from(one.name, service);
  });
}

bool reads(const std::string& service, const std::string& topic) {
  const auto& topics = registry::service(service).reads;
  return std::find(topics.begin(), topics.end(), topic) != topics.end();
}

/// `service`: whose link to the broker the target is, or the target itself.
bool should_hurt_lane(const std::string& target, const std::string& service,
                      const std::string& subject) {
  const bool is_link = target != service;
  if (subject == kLogLane) return !is_link && service == registry::kGateway;
  // What the gateway does not accept does not wait.
  if (subject == kLogSettling) {
    return holds_up_settling(service) && (is_link || service != registry::kGateway);
  }
  return !is_link && registry::is_on_chain(service);
}

}  // namespace

std::vector<std::string> blast_subjects() {
  auto all = registry::process_names();
  for (const auto one : {kLogLane, kLogSettling, kChainLane}) all.emplace_back(one);
  return all;
}

bool is_hit(const std::string& target, const std::string& subject) { return target == subject; }

bool should_hurt(const std::string& target, FaultAction action, const std::string& subject) {
  const bool is_lane = subject == kLogLane || subject == kLogSettling || subject == kChainLane;
  if (target == registry::kBroker) return subject == kLogSettling || is_service(subject);
  if (action == FaultAction::poison) return is_service(subject) && reads(subject, target);
  if (action == FaultAction::duplicate || action == FaultAction::redeliver) return false;
  const std::string caller = caller_of(target);
  if (caller.empty()) return is_lane && should_hurt_lane(target, target, subject);
  if (server_of(target) != registry::kBroker) return subject == kChainLane;
  return is_lane ? should_hurt_lane(target, caller, subject) : subject == caller;
}

}  // namespace hailstorm::lab
