#include "services/analytics/reactor.h"

#include "services/analytics/store.h"

namespace hailstorm::analytics {

std::vector<std::string> AnalyticsReactor::topics() const { return events::all_types(); }

Status AnalyticsReactor::react(const events::Event& event, store::Database& db, service::Effects&) {
  return count(db, service::kLogLane, event);
}

}  // namespace hailstorm::analytics
