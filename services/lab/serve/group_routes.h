#pragma once

#include <string>

#include "services/lab/api/lab_server.h"

namespace hailstorm::lab {

/// Adds the routes of consumer groups: what they are, and their rewind. `broker`: its URL.
void add_group_routes(LabServer& server, const std::string& broker);

}  // namespace hailstorm::lab
