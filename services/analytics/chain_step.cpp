#include "services/analytics/chain_step.h"

#include "services/analytics/store.h"

namespace hailstorm::analytics {

Status AnalyticsStep::apply(service::ChainRide& ride, store::Database& db) {
  for (const auto& event : service::events_of(ride)) {
    HAIL_RETURN_IF_ERROR(count(db, events::Lane::chain, event));
  }
  return {};
}

Status AnalyticsStep::undo(const service::ChainRide&, store::Database&) { return {}; }

}  // namespace hailstorm::analytics
