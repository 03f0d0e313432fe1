#pragma once

#include <string>

#include "common/http/server.h"

namespace hailstorm::analytics {

/// GET /summary: per lane how far its rides came. GET /zones: the same per zone, with the surge
/// factor (requests per matched ride, 1.0 to 3.0); with ?by=minute also per minute of event time.
///
/// Thread safety: its handlers are safe; each opens the database for itself.
void add_reports(http::Server& server, const std::string& database_path);

}  // namespace hailstorm::analytics
