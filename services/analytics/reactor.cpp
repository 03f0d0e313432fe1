#include "services/analytics/reactor.h"

#include "services/analytics/store.h"

namespace hailstorm::analytics {

std::vector<std::string> AnalyticsReactor::topics() const { return events::all_types(); }

Result<bool> AnalyticsReactor::is_empty(store::Database& db) const {
  HAIL_ASSIGN_OR_RETURN(const bool any, db.has_row("SELECT 1 FROM counted LIMIT 1"));
  return !any;
}

Status AnalyticsReactor::react(const events::Event& event, store::Database& db, service::Effects&) {
  return count(db, events::Lane::log, event);
}

}  // namespace hailstorm::analytics
