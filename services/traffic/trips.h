#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "services/city/pickup_file.h"
#include "services/city/trip.h"

namespace hailstorm::traffic {

/// Where trips come from: a file of pickups, or the built-in city.
///
/// Thread safety: const methods only; safe.
class TripSource {
 public:
  /// `name` is a path, "-" for standard input, or "none" for the built-in city. `stopped` ends the
  /// reading when it says true. Errors: any CityErrc.
  [[nodiscard]] static Result<TripSource> open(const std::string& name,
                                               std::function<bool()> stopped = {});

  [[nodiscard]] city::Trip trip(uint64_t seed, int64_t index) const;
  [[nodiscard]] std::vector<city::Trip> trips(uint64_t seed, int64_t first, int64_t count) const;

  /// Error too_many_trips: there are fewer than `count`.
  [[nodiscard]] Status check_trips(int64_t count) const;

  /// {"source":…,"read":N,"skipped":N,"skipped_for":{…}}: of a file its usable and its other rows;
  /// the built-in city has as many trips as are asked for.
  [[nodiscard]] std::string summary(int64_t asked_for) const;
  [[nodiscard]] const city::SkippedRows& skipped() const { return skipped_; }
  /// "line 7: …; skipped" for the first rows that were left out, one per line.
  [[nodiscard]] std::string skipped_rows() const;

 private:
  TripSource() = default;
  std::string name_;
  std::optional<city::PickupFile> file_;
  city::SkippedRows skipped_;
};

}  // namespace hailstorm::traffic
