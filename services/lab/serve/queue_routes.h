#pragma once

#include <string>

#include "services/lab/api/lab_server.h"

namespace hailstorm::lab {

/// Adds POST /api/queue-or-log. `broker`: its URL.
void add_queue_routes(LabServer& server, const std::string& broker);

}  // namespace hailstorm::lab
