#include "services/notification/reactor.h"

#include "services/notification/message.h"
#include "services/notification/store.h"

namespace hailstorm::notification {

std::vector<std::string> NotificationReactor::topics() const { return events::all_types(); }

Result<bool> NotificationReactor::is_empty(store::Database& db) const {
  HAIL_ASSIGN_OR_RETURN(const bool any, db.has_row("SELECT 1 FROM messages LIMIT 1"));
  return !any;
}

Status NotificationReactor::react(const events::Event& event, store::Database& db,
                                  service::Effects&) {
  return insert(db, events::Lane::log, render(event), clock_.wall_ms());
}

}  // namespace hailstorm::notification
