#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "services/lab/story/settings.h"

namespace hailstorm::lab {

enum class TripsErrc { not_usable };
[[nodiscard]] std::string_view name_of(TripsErrc code);

struct TripsSummary {
  std::string source;  // the file, or "built-in city"
  int64_t read = 0;
  int64_t skipped = 0;
  std::vector<std::string> remarks;  // the first skipped rows, line by line

  /// For people.
  [[nodiscard]] std::string text() const;
};

/// Lets hail-traffic read the trips, before anything is started. Error not_usable: its own words.
[[nodiscard]] Result<TripsSummary> check_trips(const StorySettings& settings);

}  // namespace hailstorm::lab
