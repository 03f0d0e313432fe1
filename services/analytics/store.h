#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "common/events/events.h"
#include "common/events/lane.h"
#include "common/store/database.h"

/// Analytics' own table, and the only place that knows its SQL.
namespace hailstorm::analytics {

/// Minutes are counted from 1970.
inline constexpr int64_t kMsPerMinute = 60'000;

[[nodiscard]] const std::vector<std::string>& migrations();

/// Counts one event. Zone and minute are its ride's, known from the request; what came before the
/// request gets them when it comes. Runs inside the caller's transaction.
[[nodiscard]] Status count(store::Database& db, events::Lane lane, const events::Event& event);

/// How far the rides of one zone and lane came.
struct Funnel {
  std::string lane;
  std::string zone;     // empty: all zones
  int64_t minute = -1;  // of event time, since 1970; -1: all
  int64_t requested = 0;
  int64_t matched = 0;
  int64_t unmatched = 0;
  int64_t authorized = 0;
  int64_t declined = 0;
};

enum class By { lane, zone, zone_and_minute };
[[nodiscard]] Result<std::vector<Funnel>> funnels(store::Database& db, By by);

}  // namespace hailstorm::analytics
