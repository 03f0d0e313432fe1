#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "common/events/events.h"

namespace hailstorm::matching {

/// One driver. Until `free_from_ms` (event time) busy; then at `position`.
struct Driver {
  std::string id;
  events::GeoPoint position;
  int64_t free_from_ms = 0;
};

/// One ride on one driver, in event time: busy from `from_ms` until `until_ms`, way and trip.
struct Assignment {
  Driver driver;           // as it is thereafter
  events::GeoPoint start;  // where it was before
  int64_t from_ms = 0;
  int64_t pickup_at_ms = 0;
  int64_t until_ms = 0;
};

/// The drivers of one lane and where they are, in a grid of cells of about 1 km, so that the
/// nearest free one is found without looking at all. Knows no store.
///
/// Thread safety: not safe.
class Fleet {
 public:
  /// A driver further from the pickup than this is not sent.
  static constexpr double kReachM = 5'000;

  explicit Fleet(std::vector<Driver> drivers);

  /// Sends the nearest driver that is free when the ride is requested; nothing: none is within
  /// reach. A driver's rides follow each other in event time: an older ride never gets a driver who
  /// has taken a younger one.
  [[nodiscard]] std::optional<Assignment> assign(const events::RideRequested& ride);

  [[nodiscard]] const Driver* find(std::string_view driver_id) const;
  /// Puts a driver back. REQUIRES: find(driver.id) is not null.
  void put(const Driver& driver);

 private:
  struct Cell {
    int32_t row = 0;
    int32_t column = 0;
    friend bool operator==(const Cell&, const Cell&) = default;
  };
  struct CellHash {
    size_t operator()(const Cell& cell) const;
  };
  struct Nearest {
    std::optional<size_t> driver;
    double distance_m = kReachM;
  };

  [[nodiscard]] static Cell cell_of(const events::GeoPoint& point);
  void look_in(const Cell& cell, const events::RideRequested& ride, Nearest& nearest) const;
  void look_around(const Cell& centre, int32_t ring, const events::RideRequested& ride,
                   Nearest& nearest) const;
  void move(size_t driver, const events::GeoPoint& to);

  std::vector<Driver> drivers_;
  std::unordered_map<std::string, size_t> by_id_;
  std::unordered_map<Cell, std::vector<size_t>, CellHash> cells_;
};

}  // namespace hailstorm::matching
