#pragma once

#include <filesystem>
#include <string>

#include "services/lab/api/lab_server.h"

namespace hailstorm::lab {

/// Adds the route of passports. `data`: of the platform; `broker`: its URL.
void add_passport_routes(LabServer& server, const std::filesystem::path& data,
                         const std::string& broker);

}  // namespace hailstorm::lab
