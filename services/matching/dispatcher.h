#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "common/events/events.h"
#include "common/events/lane.h"
#include "common/store/database.h"
#include "services/matching/fleet.h"
#include "services/matching/store.h"

namespace hailstorm::matching {

/// Matching's rules, the same for both lanes, each with drivers of its own. The fleets in memory
/// are a copy of the store's rows: after a rollback they are read again, and when another instance
/// has written, the drivers that it changed.
///
/// Thread safety: not safe; runs on the service's writer.
class Dispatcher {
 public:
  /// Sends the nearest free driver. Gives RideMatched, or RideUnmatched where none is within reach.
  [[nodiscard]] Result<events::Payload> match(events::Lane lane, const events::RideRequested& ride,
                                              store::Database& db);
  /// Writes down that no driver is sent, and why.
  [[nodiscard]] Result<events::Payload> refuse(events::Lane lane, const events::RideRequested& ride,
                                               const std::string& reason, store::Database& db);
  /// Writes down the driver that was sent before, as the log has it. False: the driver is busy at
  /// that time with a ride that a later event cancels; occupy() is to be called after that.
  [[nodiscard]] Result<bool> keep(events::Lane lane, const events::RideRequested& ride,
                                  const events::RideMatched& decided, store::Database& db);
  /// Makes the driver of a match busy, where it is free.
  [[nodiscard]] Status occupy(const Match& match, const events::RideRequested& ride,
                              store::Database& db);
  /// The ride is cancelled: its driver, if it has one, is free at its time again.
  [[nodiscard]] Status release(events::Lane lane, const std::string& ride_id, store::Database& db);

  /// Drops the copy in memory, which may differ from the store.
  void forget() { fleets_.clear(); }

 private:
  [[nodiscard]] Result<Fleet*> fleet(events::Lane lane, store::Database& db);
  [[nodiscard]] Status catch_up(store::Database& db);

  std::map<events::Lane, Fleet> fleets_;
  int64_t data_version_ = -1;
};

}  // namespace hailstorm::matching
