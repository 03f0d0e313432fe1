#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "services/city/errors.h"
#include "services/city/input_file.h"
#include "services/city/pickup.h"
#include "services/city/skipped_rows.h"
#include "services/city/trip.h"

namespace hailstorm::city {

/// Real pickups from a CSV file.
///
/// Thread safety: const methods only after read(); safe.
class PickupFile {
 public:
  /// All usable rows are kept in memory, 24 bytes each, and about twice as much during the reading.
  static constexpr int64_t kMostRows = 5'000'000;

  /// Reads the file, or the pipe, once. Its first line names the columns (pickup_columns.h) or is
  /// a row of time, latitude, longitude; separators are commas, or what a header shows or a first
  /// line "sep=;" says. Rows that cannot be used, lie at 0/0 or far from all others (outliers.h)
  /// are skipped and counted.
  /// Errors: any CityErrc but too_many_trips; all name the file.
  [[nodiscard]] static Result<PickupFile> read(const std::string& name, InputOptions options = {});

  /// Oldest first.
  [[nodiscard]] const std::vector<Pickup>& pickups() const { return pickups_; }
  [[nodiscard]] const SkippedRows& skipped() const { return skipped_; }

  /// The `index`-th trip: its pickup is the file's, its drop-off drawn from the other rows (a file
  /// of one row has only that). After its last row the file begins again, later by the time that it
  /// lasts.
  [[nodiscard]] Trip trip(uint64_t seed, int64_t index) const;
  /// How many trips there are before the year 2101: from then on the gateway takes no rides.
  [[nodiscard]] int64_t trip_count() const;
  /// Error too_many_trips: there are fewer than `count`.
  [[nodiscard]] Status check_trips(int64_t count) const;

 private:
  explicit PickupFile(std::string name) : name_(std::move(name)) {}
  /// From the oldest row to the first one of the file's repetition.
  [[nodiscard]] int64_t lasts_ms() const;

  std::string name_;
  std::vector<Pickup> pickups_;
  SkippedRows skipped_;
};

}  // namespace hailstorm::city
