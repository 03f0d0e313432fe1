#include "services/matching/drivers.h"

#include <fmt/format.h>

#include "common/events/lane.h"
#include "services/city/built_in_city.h"
#include "services/city/draw.h"
#include "services/city/pickup_file.h"
#include "services/matching/store.h"

namespace hailstorm::matching {
namespace {

constexpr double kSpreadDegrees = 0.004;  // about 400 m
constexpr uint64_t kDriverStream = 0x647276;

}  // namespace

void DriverSettings::add_to(Options& options) {
  options.add("drivers", count, {1, 100'000, "drivers"},
              "drivers of each lane, placed at the first start");
  options.add("seed", seed, {0, kAnyMost}, "of the drivers' places");
  options.add("pickups", pickups,
              "CSV file of pickups to place them around, instead of the built-in city");
}

Result<std::vector<Driver>> place_drivers(const DriverSettings& settings) {
  const auto seed = static_cast<uint64_t>(settings.seed);
  std::vector<events::GeoPoint> places;
  if (settings.pickups) {
    HAIL_ASSIGN_OR_RETURN(const auto file, city::PickupFile::read(*settings.pickups));
    for (const auto& pickup : file.pickups()) places.push_back(pickup.place);
  } else {
    places = city::built_in_pickups(seed, settings.count);
  }
  std::vector<Driver> drivers;
  for (int64_t i = 0; i < settings.count; ++i) {
    city::Draw draw(seed ^ kDriverStream, i);
    const auto& near = places[draw.below(places.size())];
    const events::GeoPoint home{near.lat + kSpreadDegrees * draw.bell(),
                                near.lon + kSpreadDegrees * draw.bell()};
    drivers.push_back({fmt::format("driver-{:05}", i + 1), Schedule(home)});
  }
  return drivers;
}

Status seed_fleets(const std::string& database_path, const std::vector<Driver>& drivers) {
  HAIL_ASSIGN_OR_RETURN(auto db, store::Database::open(database_path));
  HAIL_RETURN_IF_ERROR(db->begin_immediate());
  for (const auto lane : events::kLanes) {
    HAIL_RETURN_IF_ERROR(seed_drivers(*db, lane, drivers));
  }
  return db->commit();
}

}  // namespace hailstorm::matching
