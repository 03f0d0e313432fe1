#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "services/city/pickup_file.h"
#include "services/lab/story/settings.h"

namespace hailstorm::lab {

struct TripsSummary {
  std::string source;  // the file, or "built-in city"
  int64_t read = 0;
  city::SkippedRows skipped{};
  std::vector<std::string> remarks{};  // the first skipped rows, line by line

  /// For people.
  [[nodiscard]] std::string text() const;
};

/// Whether other processes cannot read the file under this name, or not a second time: a pipe,
/// standard input, /dev/fd/63. The story copies it into its data folder, and all processes read the
/// copy.
[[nodiscard]] bool is_read_once(const std::string& trips);

/// Reads the trips and sets settings.trips_file to the file that all processes read: the copy, if
/// the trips can be read only once. Reading ends when `stopped` gives true. Errors: any
/// city::CityErrc.
[[nodiscard]] Result<TripsSummary> read_trips(StorySettings& settings,
                                              std::function<bool()> stopped);

}  // namespace hailstorm::lab
