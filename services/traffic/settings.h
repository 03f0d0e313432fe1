#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/base/log_settings.h"
#include "common/base/options.h"
#include "common/base/result.h"
#include "common/events/lane.h"
#include "common/http/http.h"

namespace hailstorm::traffic {

enum class SettingErrc { not_usable };
[[nodiscard]] std::string_view name_of(SettingErrc code);

/// Of all lanes.
[[nodiscard]] std::vector<std::string> lane_names();

inline constexpr DecimalRange kRateRange{0.001, 100'000, "rides/s"};
inline constexpr DecimalRange kSpeedupRange{0.001, 1'000'000, "times"};

/// The options of hail-traffic.
///
/// Thread safety: a value.
struct Settings {
  std::string gateway;  // its address; add_to() sets the default
  std::string trips = "none";
  int64_t rides = 4000;
  std::optional<double> minutes;  // if given, it counts instead of `rides`
  int64_t first_ride = 0;
  std::string claims;
  std::optional<double> rate;
  std::optional<double> speedup;
  int64_t seed = 1;
  std::string out;
  std::vector<std::string> lanes = lane_names();
  std::string act;
  int64_t retries = 0;
  LogSettings log;
  bool check = false;

  void add_to(Options& options);

  /// What is wrong with them, if anything; names the flag.
  [[nodiscard]] Status check_values() const;
  [[nodiscard]] std::vector<events::Lane> chosen_lanes() const;
  [[nodiscard]] double rides_per_second() const;
  [[nodiscard]] int64_t ride_count() const;
};

}  // namespace hailstorm::traffic
