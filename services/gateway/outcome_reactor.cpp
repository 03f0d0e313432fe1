#include "services/gateway/outcome_reactor.h"

#include "services/gateway/store.h"

namespace hailstorm::gateway {

std::vector<std::string> OutcomeReactor::topics() const {
  return {std::string(events::RideMatched::kType), std::string(events::RideUnmatched::kType),
          std::string(events::PaymentAuthorized::kType),
          std::string(events::PaymentDeclined::kType)};
}

std::vector<std::string> OutcomeReactor::publishes() const {
  return {std::string(events::RideRequested::kType)};
}

Status OutcomeReactor::react(const events::Event& event, store::Database& db, service::Effects&) {
  return add_to_timeline(db, event);
}

}  // namespace hailstorm::gateway
