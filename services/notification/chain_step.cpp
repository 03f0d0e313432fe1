#include "services/notification/chain_step.h"

#include "services/notification/message.h"
#include "services/notification/store.h"

namespace hailstorm::notification {

Status NotificationStep::apply(service::ChainRide& ride, store::Database& db) {
  for (const auto& event : service::events_of(ride)) {
    HAIL_RETURN_IF_ERROR(insert(db, events::Lane::chain, render(event), clock_.wall_ms()));
  }
  return {};
}

Status NotificationStep::undo(const service::ChainRide&, store::Database&) { return {}; }

}  // namespace hailstorm::notification
