#include "services/lab/views/zone_window.h"

#include <algorithm>
#include <utility>

#include "services/analytics/zone.h"

namespace hailstorm::lab {

void ZoneWindow::add(const std::string& zone, Kind kind, int64_t now_ms) {
  if (kind != Kind::ride_requested && kind != Kind::ride_matched) return;
  const int64_t number = now_ms / kPartMs;
  Part& part = parts_[static_cast<size_t>(number) % kParts];
  if (std::exchange(part.number, number) != number) part.zones.clear();
  const auto at = part.zones.find(zone);
  if (at == part.zones.end() && part.zones.size() == kMaxZones) return;
  Counts& counts = at == part.zones.end() ? part.zones[zone] : at->second;
  ++(kind == Kind::ride_requested ? counts.requested : counts.matched);
}

std::vector<ZoneFigures> ZoneWindow::figures(int64_t now_ms) {
  std::map<std::string, Counts> sums;
  const int64_t oldest = now_ms / kPartMs - static_cast<int64_t>(kParts) + 1;
  for (const Part& part : parts_) {
    if (part.number < oldest) continue;
    for (const auto& [zone, counts] : part.zones) {
      Counts& sum = sums[zone];
      sum.requested += counts.requested;
      sum.matched += counts.matched;
    }
  }
  std::vector<ZoneFigures> zones;
  for (const auto& [zone, sum] : sums) {
    const auto corner = analytics::corner_of(zone);
    if (!corner) continue;  // counted before its ride was known
    zones.push_back(
        {*corner, sum.requested, sum.matched, analytics::surge_of(sum.requested, sum.matched)});
  }
  if (zones.size() > kMaxShown) {
    std::stable_sort(zones.begin(), zones.end(),
                     [](const auto& a, const auto& b) { return a.requested > b.requested; });
    zones.resize(kMaxShown);
  }
  return zones;
}

}  // namespace hailstorm::lab
