#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "common/events/events.h"
#include "common/events/lane.h"
#include "services/lab/audit/ride_facts.h"

namespace hailstorm::lab {

/// A service that has something to do for every ride, in the order of the chain.
enum class Hop : size_t { matching, payment, notification, analytics };
inline constexpr size_t kHops = 4;
[[nodiscard]] std::string_view name_of(Hop hop);
/// Some of them.
using HopSet = std::bitset<kHops>;

/// What is known of one ride on one lane, from the services' stores and its rider's answers, and
/// what follows from it.
///
/// Thread safety: a value.
struct RideProgress {
  bool is_accepted = false;                // the gateway's store has it
  std::string_view failed_hop;             // empty: it did not fail
  int64_t asked_at_ms = 0;                 // since 1970; 0: not known
  std::optional<events::GeoPoint> pickup;  // nothing: not known
  std::optional<events::GeoPoint> driver;  // where the one that was sent stood
  KindSet decided;                         // by matching and payment
  KindSet messages;
  KindSet counts;

  /// Its rider got an error, or no answer. It failed where it stood, as the stores had it; where
  /// they say nothing, at the service that the answer names, and else at the gateway.
  void fail(events::Lane lane, std::string_view named_hop);
  /// "settled": all effects are there. "failed": its rider got an error; "orphaned": and yet a
  /// message was sent or it was counted.
  [[nodiscard]] std::string_view state(events::Lane lane) const;
  /// On the log lane those with an event of this ride that they have not handled; on the chain the
  /// next one alone.
  [[nodiscard]] HopSet waits_for(events::Lane lane) const;
  /// Whether there is anything to say of it: effects alone may come before the ride itself.
  [[nodiscard]] bool is_shown(events::Lane lane) const;

 private:
  [[nodiscard]] KindSet known() const;
  [[nodiscard]] HopSet unhandled() const;
  [[nodiscard]] HopSet next_hop() const;
};

}  // namespace hailstorm::lab
