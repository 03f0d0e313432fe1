#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "common/events/events.h"
#include "services/lab/audit/ride_facts.h"

namespace hailstorm::lab {

/// What analytics counted of one zone in the last minute.
struct ZoneFigures {
  events::GeoPoint corner;  // south-west
  int64_t requested = 0;
  int64_t matched = 0;
  double surge = 1;  // as analytics reckons it
};

/// Where rides are asked for and matched, from the counts of analytics of the last minute: while
/// analytics counts nothing, there is nothing. Bounded: what is counted in zones beyond kMaxZones
/// of a span is left out.
///
/// Thread safety: not safe.
class ZoneWindow {
 public:
  static constexpr int64_t kSpanMs = 60'000;
  static constexpr size_t kMaxShown = 30;
  static constexpr size_t kMaxZones = 1'000;

  void add(const std::string& zone, Kind kind, int64_t now_ms);
  /// The kMaxShown with the most requests.
  [[nodiscard]] std::vector<ZoneFigures> figures(int64_t now_ms);

 private:
  struct Counts {
    int64_t requested = 0;
    int64_t matched = 0;
  };
  static constexpr int64_t kPartMs = 5'000;  // what leaves the window at once
  static constexpr size_t kParts = static_cast<size_t>(kSpanMs / kPartMs);
  struct Part {
    int64_t number = -1;
    std::map<std::string, Counts> zones;
  };

  std::array<Part, kParts> parts_;
};

}  // namespace hailstorm::lab
