#include "services/traffic/settings.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "common/base/enum_name.h"
#include "services/registry/services.h"

namespace hailstorm::traffic {
namespace {

constexpr double kDefaultRate = 200;
// All trips of a run are drawn before the first is sent, and wait in memory.
constexpr int64_t kMostRides = 10'000'000;

Error not_usable(std::string what) { return {SettingErrc::not_usable, std::move(what)}; }

}  // namespace

std::string_view name_of(SettingErrc code) { return enum_name(code); }

std::vector<std::string> lane_names() {
  std::vector<std::string> names;
  for (const events::Lane lane : events::kLanes) names.emplace_back(name_of(lane));
  return names;
}

void Settings::add_to(Options& options) {
  gateway =
      fmt::format("http://127.0.0.1:{}", registry::service(registry::kGateway).default_port());
  options.add_address("gateway", gateway, "http", "the gateway's address");
  options.add("trips", trips,
              "a CSV file of pickups, - for standard input, or none for the built-in city");
  options.add("rides", rides, {1, kMostRides, "rides"}, "how many rides to send");
  options.add("minutes", minutes, {0.001, 24 * 60, "minutes"},
              "how long to send them, instead of --rides");
  options.add("first-ride", first_ride, {0, 1'000'000'000}, "the index of the first ride");
  options.add("claims", claims,
              "file that counts the rides of all riders: send those that nobody has sent yet");
  options.add("rate", rate, kRateRange,
              "rides per second; 200 if neither this nor --speedup is given");
  options.add("speedup", speedup, kSpeedupRange,
              "send by the trips' own clock, so many times faster");
  options.add("seed", seed, {0, kAnyMost},
              "of riders, of the built-in city and of drawn drop-offs");
  options.add("out", out, "file that a line is appended to for each answer, or folder for one");
  options.add_choices("lanes", lanes, lane_names(), "the lanes that every ride is sent to");
  options.add("act", act, "a name that is written into each answer");
  options.add("retries", retries, {0, 1'000, "requests"},
              "repetitions of a request without an answer or with a 5xx");
  log.add_to(options);
  options.add_flag("check", check, "only read the trips, and print what was read and skipped");
}

Status Settings::check_values() const {
  if (minutes && speedup) return not_usable("give --minutes or --speedup, not both");
  if (!claims.empty() && first_ride > 0) return not_usable("give --claims or --first-ride");
  if (ride_count() > kMostRides) {
    return not_usable(fmt::format("--minutes at this --rate are {} rides; at most {} go in one run",
                                  ride_count(), kMostRides));
  }
  if (rate && speedup) return not_usable("give --rate or --speedup, not both");
  if (!check && out.empty()) return not_usable("--out is missing: the file for the answers");
  return {};
}

std::vector<events::Lane> Settings::chosen_lanes() const {
  std::vector<events::Lane> chosen;
  for (const std::string& name : lanes) {
    if (const auto lane = events::lane_named(name)) chosen.push_back(*lane);
  }
  return chosen;
}

double Settings::rides_per_second() const { return rate.value_or(kDefaultRate); }

int64_t Settings::ride_count() const {
  if (!minutes) return rides;
  return std::max<int64_t>(1, std::llround(*minutes * 60 * rides_per_second()));
}

}  // namespace hailstorm::traffic
