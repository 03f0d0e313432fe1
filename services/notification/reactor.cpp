#include "services/notification/reactor.h"

#include "services/notification/message.h"
#include "services/notification/store.h"

namespace hailstorm::notification {

std::vector<std::string> NotificationReactor::topics() const {
  return {std::string(events::RideRequested::kType), std::string(events::RideMatched::kType),
          std::string(events::RideUnmatched::kType), std::string(events::PaymentAuthorized::kType),
          std::string(events::PaymentDeclined::kType)};
}

Status NotificationReactor::react(const events::Event& event, store::Database& db,
                                  service::Effects&) {
  return insert(db, service::kLogLane, render(event), clock_.wall_ms());
}

}  // namespace hailstorm::notification
