#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "services/city/trip.h"

namespace hailstorm::city {

enum class CityErrc { cannot_read, no_usable_row };
[[nodiscard]] std::string_view name_of(CityErrc code);

struct Pickup {
  int64_t time_ms = 0;
  events::GeoPoint place;
};

/// A row that was left out. Lines count from 1, the header included.
struct SkippedRow {
  int64_t line = 0;
  std::string reason;
};

/// Real pickups from a CSV file.
///
/// Thread safety: const methods only after read(); safe.
class PickupFile {
 public:
  /// Columns Date/Time, Lat, Lon (others are ignored), named in the first line or in this order
  /// without one; with or without quotes, byte order mark and carriage returns; times as
  /// "2014/4/1 00:11:00" or "4/1/2014 0:11:00". Rows that cannot be used are skipped and counted.
  /// Errors: cannot_read, no_usable_row; both name the file.
  [[nodiscard]] static Result<PickupFile> read(const std::string& path);

  /// Oldest first.
  [[nodiscard]] const std::vector<Pickup>& pickups() const { return pickups_; }
  [[nodiscard]] int64_t skipped_count() const { return skipped_count_; }
  /// The first ten.
  [[nodiscard]] const std::vector<SkippedRow>& skipped() const { return skipped_; }

  /// The `index`-th trip: its pickup is the file's, its drop-off drawn from the other rows (a file
  /// of one row has only that). When the file is used up it begins anew, as much later as it lasts.
  [[nodiscard]] Trip trip(uint64_t seed, int64_t index) const;

 private:
  PickupFile() = default;
  void skip(int64_t line, std::string reason);

  std::vector<Pickup> pickups_;
  std::vector<SkippedRow> skipped_;
  int64_t skipped_count_ = 0;
};

}  // namespace hailstorm::city
