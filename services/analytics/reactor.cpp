#include "services/analytics/reactor.h"

#include "services/analytics/store.h"

namespace hailstorm::analytics {

std::vector<std::string> AnalyticsReactor::topics() const {
  return {std::string(events::RideRequested::kType), std::string(events::RideMatched::kType),
          std::string(events::RideUnmatched::kType), std::string(events::PaymentAuthorized::kType),
          std::string(events::PaymentDeclined::kType)};
}

Status AnalyticsReactor::react(const events::Event& event, store::Database& db, service::Effects&) {
  return count(db, service::kLogLane, event);
}

}  // namespace hailstorm::analytics
