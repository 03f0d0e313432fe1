#include "services/traffic/settings.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <sstream>

namespace hailstorm::traffic {
namespace {

constexpr double kDefaultRate = 200;
constexpr double kMaxRate = 100'000;
// All trips of a run are drawn before the first is sent, and wait in memory.
constexpr int64_t kMostRides = 10'000'000;
constexpr int64_t kLastRide = 1'000'000'000;
constexpr double kMaxMinutes = 24 * 60;

Error not_usable(std::string what) { return {SettingErrc::not_usable, std::move(what)}; }

Status check_lanes(const std::vector<std::string>& lanes) {
  if (lanes.empty()) return not_usable("--lanes names no lane; use log, chain or log,chain");
  for (size_t i = 0; i < lanes.size(); ++i) {
    if (lanes[i] != "log" && lanes[i] != "chain") {
      return not_usable(
          fmt::format("--lanes: there is no lane \"{}\"; use log, chain or log,chain", lanes[i]));
    }
    if (std::find(lanes.begin(), lanes.begin() + static_cast<std::ptrdiff_t>(i), lanes[i]) !=
        lanes.begin() + static_cast<std::ptrdiff_t>(i)) {
      return not_usable(fmt::format("--lanes names {} twice", lanes[i]));
    }
  }
  return {};
}

}  // namespace

std::string_view name_of(SettingErrc) { return "not_usable"; }

void Settings::add_to(Options& options) {
  options.add("gateway", gateway, "the gateway's address");
  options.add("trips", trips,
              "a CSV file of pickups, - for standard input, or none for the built-in city");
  options.add("rides", rides, "how many rides to send");
  options.add("minutes", minutes, "how long to send them, instead of --rides");
  options.add("first-ride", first_ride, "the index of the first ride, from 0");
  options.add("claims", claims,
              "file that counts the rides of all riders: send those that nobody has sent yet");
  options.add("rate", rate, "rides per second; 200 if neither this nor --speedup is given");
  options.add("speedup", speedup, "send by the trips' own clock, so many times faster");
  options.add("seed", seed, "of riders, of the built-in city and of drawn drop-offs");
  options.add("out", out, "file that a line is appended to for each answer, or folder for one");
  options.add("lanes", lanes, "the lanes that every ride is sent to");
  options.add("act", act, "a name that is written into each answer");
  options.add("retries", retries, "repetitions of a request without an answer or with a 5xx");
  options.add_flag("check", check, "only read the trips, and print what was read and skipped");
}

Status Settings::check_values() const {
  if (rides < 1 || rides > kMostRides) {
    return not_usable(fmt::format("--rides must be 1 to {}", kMostRides));
  }
  if (!std::isfinite(minutes) || minutes < 0 || minutes > kMaxMinutes) {
    return not_usable(fmt::format("--minutes must be above 0 and at most {}", kMaxMinutes));
  }
  if (minutes > 0 && speedup > 0) return not_usable("give --minutes or --speedup, not both");
  if (!claims.empty() && first_ride > 0) return not_usable("give --claims or --first-ride");
  if (first_ride < 0 || first_ride > kLastRide) {
    return not_usable(fmt::format("--first-ride must be 0 to {}", kLastRide));
  }
  if (retries < 0) return not_usable("--retries must be at least 0");
  if (!std::isfinite(rate) || rate < 0 || rate > kMaxRate) {
    return not_usable(fmt::format("--rate must be above 0 and at most {}", kMaxRate));
  }
  if (!std::isfinite(speedup) || speedup < 0) return not_usable("--speedup must be above 0");
  if (ride_count() > kMostRides) {
    return not_usable(fmt::format("--minutes at this --rate are {} rides; at most {} go in one run",
                                  ride_count(), kMostRides));
  }
  if (rate > 0 && speedup > 0) return not_usable("give --rate or --speedup, not both");
  if (!check && out.empty()) return not_usable("--out is missing: the file for the answers");
  HAIL_RETURN_IF_ERROR(check_lanes(lane_names()));
  if (const auto address = http::parse_address(gateway); !address.ok()) {
    return not_usable("--gateway: " + address.error().message());
  }
  return {};
}

std::vector<std::string> Settings::lane_names() const {
  std::vector<std::string> names;
  std::istringstream list(lanes);
  for (std::string name; std::getline(list, name, ',');) names.push_back(name);
  return names;
}

double Settings::rides_per_second() const { return rate > 0 ? rate : kDefaultRate; }

int64_t Settings::ride_count() const {
  if (minutes <= 0) return rides;
  return std::max<int64_t>(1, std::llround(minutes * 60 * rides_per_second()));
}

}  // namespace hailstorm::traffic
