#include "services/analytics/reports.h"

#include "common/base/logging.h"
#include "common/base/time_text.h"
#include "common/json/json.h"
#include "services/analytics/store.h"
#include "services/analytics/zone.h"

namespace hailstorm::analytics {
namespace {

json::Value to_json(const Funnel& funnel, By by) {
  json::Value object = {{"lane", funnel.lane},
                        {"requested", funnel.requested},
                        {"matched", funnel.matched},
                        {"unmatched", funnel.unmatched},
                        {"authorized", funnel.authorized},
                        {"declined", funnel.declined}};
  if (by == By::lane) return object;
  object.add("zone", funnel.zone);
  object.add("surge", surge_of(funnel.requested, funnel.matched));
  if (by == By::zone_and_minute) {
    object.add("minute", time_text(funnel.minute * kMsPerMinute));
  }
  return object;
}

http::Response report(const std::string& database_path, const char* name, By by) {
  const auto read = [&]() -> Result<std::vector<Funnel>> {
    HAIL_ASSIGN_OR_RETURN(auto db,
                          store::Database::open(database_path, store::Database::Mode::read_only));
    return funnels(*db, by);
  };
  const auto found = read();
  if (!found.ok()) {
    log_warn("a report could not be read", {found.error()});
    return http::problem(503, "the store cannot be read now");
  }
  json::Value rows = json::Value::array();
  for (const Funnel& funnel : *found) rows.push_back(to_json(funnel, by));
  http::Response response;
  response.body = json::to_sorted_text({{name, std::move(rows)}}) + "\n";
  return response;
}

}  // namespace

void add_reports(http::Server& server, const std::string& database_path) {
  server.route("GET", "/summary",
               [=](const http::Request&) { return report(database_path, "lanes", By::lane); });
  server.route("GET", "/zones", [=](const http::Request& request) {
    const auto by = request.query.find("by");
    const bool by_minute = by != request.query.end() && by->second == "minute";
    return report(database_path, "zones", by_minute ? By::zone_and_minute : By::zone);
  });
}

}  // namespace hailstorm::analytics
