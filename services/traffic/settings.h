#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/base/options.h"
#include "common/base/result.h"
#include "common/http/http.h"

namespace hailstorm::traffic {

enum class SettingErrc { not_usable };
[[nodiscard]] std::string_view name_of(SettingErrc code);

/// What hail-traffic is told on its command line.
///
/// Thread safety: a value.
struct Settings {
  std::string gateway = "http://127.0.0.1:7402";
  std::string trips = "none";
  int64_t rides = 4000;
  double minutes = 0;  // if given: so long, whatever `rides` says
  int64_t first_ride = 0;
  std::string claims;
  double rate = 0;     // 0: not given
  double speedup = 0;  // 0: not given
  int64_t seed = 1;
  std::string out;
  std::string lanes = "log,chain";
  std::string act;
  int64_t retries = 0;
  bool check = false;

  void add_to(Options& options);

  /// What is wrong with them, if anything; names the flag.
  [[nodiscard]] Status check_values() const;
  [[nodiscard]] std::vector<std::string> lane_names() const;
  [[nodiscard]] double rides_per_second() const;
  [[nodiscard]] int64_t ride_count() const;
};

}  // namespace hailstorm::traffic
