// Measures what one match costs after 10, 1,000 and 100,000 rides a driver, whatever the order of
// the rides' event times. Prints one JSON line per row; `matched` is the share of the measured
// rides that got a driver.
//
//     build/release/tests/fleet_bench                  in memory only: the search for a driver
//     build/release/tests/fleet_bench --store          with matching's rules and tables

#include <algorithm>
#include <ctime>
#include <iostream>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "common/base/check.h"
#include "common/base/options.h"
#include "common/base/run_main.h"
#include "services/city/built_in_city.h"
#include "services/matching/dispatcher.h"
#include "services/matching/drivers.h"
#include "services/matching/fleet.h"
#include "services/matching/store.h"
#include "tests/support/service_database.h"

namespace hailstorm::testing {
namespace {

constexpr int64_t kHourMs = 3'600'000;
constexpr int64_t kYearMs = 365 * 24 * kHourMs;
constexpr int64_t kBeginMs = 1'396'335'600'000;  // 2014-04-01T07:00:00Z
constexpr int64_t kBusyMs = 24 * 60'000;         // a ride per driver in this time: half are busy
constexpr int64_t kMeasured = 20'000;
constexpr int64_t kRidesPerTransaction = 100;

/// The event time of ride `i` out of rides that follow each other `step_ms` apart.
using Order = int64_t (*)(int64_t i, int64_t step_ms, std::mt19937_64& random);

int64_t in_order(int64_t i, int64_t step_ms, std::mt19937_64&) { return kBeginMs + i * step_ms; }
int64_t late(int64_t i, int64_t step_ms, std::mt19937_64& random) {
  const bool is_late = random() % 4 == 0;
  return kBeginMs + i * step_ms - (is_late ? static_cast<int64_t>(random() % kHourMs) : 0);
}
int64_t two_eras(int64_t i, int64_t step_ms, std::mt19937_64&) {
  return kBeginMs + (i % 2) * 12 * kYearMs + i / 2 * step_ms;
}
int64_t any_time(int64_t, int64_t, std::mt19937_64& random) {
  return kBeginMs + static_cast<int64_t>(random() % (12 * kYearMs));
}

struct Named {
  const char* name;
  Order order;
};
constexpr Named kOrders[] = {{"in_order", in_order},
                             {"a_quarter_up_to_an_hour_late", late},
                             {"two_eras", two_eras},
                             {"any_time_of_12_years", any_time}};

/// The search alone.
class InMemory {
 public:
  explicit InMemory(const std::vector<matching::Driver>& drivers) : fleet_(drivers) {}
  bool match(const events::RideRequested& ride) { return fleet_.assign(ride).has_value(); }

 private:
  matching::Fleet fleet_;
};

/// Search and rows, committed together as a busy service does.
class Stored {
 public:
  explicit Stored(const std::vector<matching::Driver>& drivers) {
    HAIL_CHECK(
        (*db_).run("PRAGMA synchronous=OFF").ok());  // what the disk takes is not of interest
    HAIL_CHECK((*db_).begin_immediate().ok());
    HAIL_CHECK(matching::seed_drivers(*db_, events::Lane::log, drivers).ok());
  }
  bool match(const events::RideRequested& ride) {
    if (++rides_ % kRidesPerTransaction == 0) {
      HAIL_CHECK((*db_).commit().ok() && (*db_).begin_immediate().ok());
    }
    return std::holds_alternative<events::RideMatched>(
        dispatcher_.match(events::Lane::log, ride, *db_).value());
  }

 private:
  ServiceDatabase db_{matching::migrations()};
  matching::Dispatcher dispatcher_;
  int64_t rides_ = 0;
};

/// Of this process, so that neighbours on the machine matter less.
double processor_s() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

template <class Subject>
void measure(const Named& order, int64_t driver_count, int64_t rides_per_driver) {
  matching::DriverSettings settings;
  settings.count = driver_count;
  Subject subject(matching::place_drivers(settings).value());
  std::mt19937_64 random(7);
  const int64_t total = driver_count * rides_per_driver;
  const int64_t measured = std::min(kMeasured, total);
  const auto next_ride = [&](int64_t i) -> events::RideRequested {
    const city::Trip trip = city::built_in_trip(settings.seed + 1, i);
    return {std::to_string(i), trip.rider_id, trip.pickup, trip.dropoff,
            order.order(i, kBusyMs / driver_count, random)};
  };
  for (int64_t i = 0; i < total - measured; ++i) subject.match(next_ride(i));
  std::vector<events::RideRequested> rides;
  for (int64_t i = total - measured; i < total; ++i) rides.push_back(next_ride(i));
  const double start_s = processor_s();
  const auto matched = std::count_if(rides.begin(), rides.end(),
                                     [&](const auto& ride) { return subject.match(ride); });
  const double took_s = processor_s() - start_s;
  const auto count = static_cast<double>(measured);
  std::cout << nlohmann::ordered_json{{"order", order.name},
                                      {"rides_per_driver", rides_per_driver},
                                      {"us_per_match", took_s * 1e6 / count},
                                      {"matched", static_cast<double>(matched) / count}}
                   .dump()
            << std::endl;
}

int run_bench(int argc, char** argv) {
  int64_t drivers = 100;
  int64_t most_rides = 100'000;
  bool store = false;
  Options options("fleet_bench", "Measures what a match costs as the rides of a driver grow.");
  options.add("drivers", drivers, {1, 100'000, "drivers"}, "how many there are");
  options.add("most-rides", most_rides, {1, 100'000, "rides"},
              "of a driver; larger rows are left out");
  options.add_flag("store", store, "with matching's rules and tables");
  if (const auto exit_code = options.parse(argc, argv)) return *exit_code;
  for (const auto& order : kOrders) {
    for (const int64_t rides : {10, 1'000, 100'000}) {
      if (rides > most_rides) continue;
      if (store) {
        measure<Stored>(order, drivers, rides);
      } else {
        measure<InMemory>(order, drivers, rides);
      }
    }
  }
  return 0;
}

}  // namespace
}  // namespace hailstorm::testing

int main(int argc, char** argv) {
  return hailstorm::run_main({.name = "fleet_bench"}, argc, argv, hailstorm::testing::run_bench);
}
