#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/base/options.h"
#include "common/base/result.h"
#include "services/matching/fleet.h"

namespace hailstorm::matching {

/// Where a fleet comes from.
struct DriverSettings {
  int64_t count = 1'500;
  int64_t seed = 1;
  std::optional<std::string> pickups;  // a CSV file; nothing: the built-in city

  void add_to(Options& options);
};

/// Drivers around the places where rides begin; the same settings give the same drivers. Errors of
/// the city layer.
[[nodiscard]] Result<std::vector<Driver>> place_drivers(const DriverSettings& settings);

/// Gives each lane these drivers, if it has none yet.
[[nodiscard]] Status seed_fleets(const std::string& database_path,
                                 const std::vector<Driver>& drivers);

}  // namespace hailstorm::matching
