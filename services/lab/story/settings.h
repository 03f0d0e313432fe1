#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "common/base/options.h"
#include "services/lab/platform/platform_options.h"

namespace hailstorm::lab {

/// The options of `hail-lab story`, which is ./demo.
struct StorySettings : PlatformOptions {
  int64_t rides = 4000;
  std::optional<double> rate;  // rides per second
  std::optional<double> speedup;
  std::string report;  // file; empty: none
  bool keep = false;
  int64_t first_ride = 0;

  void add_to(Options& options);
  /// What is wrong with the values; empty when nothing is.
  [[nodiscard]] std::string check();
  /// Where trips that can be read only once are kept.
  [[nodiscard]] std::string trips_copy() const;
  /// Where the riders of an act write the answers that they got.
  [[nodiscard]] std::string answers_of(const std::string& act) const;

 private:
  [[nodiscard]] std::string riders_file(const std::string& name) const;
};

}  // namespace hailstorm::lab
