#pragma once

#include <string>

#include "services/lab/api/lab_server.h"

namespace hailstorm::lab {

/// Adds the routes of dead letters. `broker`: its URL.
void add_letter_routes(LabServer& server, const std::string& broker);

}  // namespace hailstorm::lab
