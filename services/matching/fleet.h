#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "common/events/events.h"
#include "services/matching/free_grid.h"
#include "services/matching/schedule.h"

namespace hailstorm::matching {

struct Driver {
  std::string id;
  Schedule schedule;
  int64_t change = 0;  // number of the fleet's change that was the driver's last
};

/// One ride on one driver, in event time: busy from `from_ms` until `until_ms`, way and trip.
struct Assignment {
  std::string driver_id;
  events::GeoPoint start;  // where the driver was before
  int64_t from_ms = 0;
  int64_t pickup_at_ms = 0;
  int64_t until_ms = 0;
  Change change;
};

/// The drivers of one lane, and when and where each is free, in a grid, so that the nearest one is
/// found without looking at all. Knows no store.
///
/// Thread safety: not safe.
class Fleet {
 public:
  /// A driver further from the pickup than this is not sent.
  static constexpr double kReachM = 5'000;

  explicit Fleet(std::vector<Driver> drivers);

  /// Sends the nearest driver that is free when the ride is requested, stays free until its
  /// drop-off, and then still reaches the next pickup in time; nothing: none is within reach. Rides
  /// may come in any order of event time, and none takes a driver from a ride at another time.
  [[nodiscard]] std::optional<Assignment> assign(const events::RideRequested& ride);
  /// Sends this driver until that time, if the fleet has it and it is free then. Whether it reaches
  /// the next pickup in time was settled when the ride was decided.
  [[nodiscard]] std::optional<Assignment> assign_to(std::string_view driver_id,
                                                    const events::RideRequested& ride,
                                                    int64_t until_ms);
  /// Frees a driver from a ride, as Schedule::give_back() says; nothing: nothing changed.
  [[nodiscard]] std::optional<Change> give_back(std::string_view driver_id, int64_t from_ms,
                                                int64_t until_ms);

  /// The number of the last change of any driver.
  [[nodiscard]] int64_t last_change() const { return last_change_; }
  /// Takes a driver's state from elsewhere. REQUIRES: the fleet has the driver.
  void put(Driver driver);

 private:
  struct Search;

  /// REQUIRES: the driver is free from the request until then.
  Assignment take(size_t driver, const events::RideRequested& ride, int64_t pickup_at_ms,
                  int64_t until_ms);
  static void look_at(const FreeGrid::Entry& entry, const Driver& driver, Search& search);
  void look_in(const FreeGrid::Cell& cell, Search& search) const;
  void look_around(const FreeGrid::Cell& centre, int32_t ring, Search& search) const;
  /// Brings grid and numbers up to date with what a driver's schedule has become.
  void note(size_t driver, const Change& change);

  std::vector<Driver> drivers_;
  std::unordered_map<std::string, size_t> by_id_;
  FreeGrid grid_;
  int64_t last_change_ = 0;
};

}  // namespace hailstorm::matching
