#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "common/base/options.h"
#include "services/lab/platform/layout.h"

namespace hailstorm::lab {

/// The options of `hail-lab story`, which is ./demo.
struct StorySettings {
  std::string trips;       // CSV file, or - for standard input; empty: the built-in city
  std::string trips_file;  // where all processes read it: the same file, or a copy
  int64_t rides = 4000;
  std::optional<double> rate;  // rides per second
  std::optional<double> speedup;
  int64_t seed = 1;
  std::string report;  // file; empty: none
  std::string data;    // empty: a fresh folder under home
  int64_t base_port = registry::kBasePort;
  bool keep = false;
  std::string programs;      // empty: where this program lies
  bool agents = false;       // the platform runs in containers
  std::string agent_tokens;  // folder
  std::string claims;        // file that counts the rides asked for so far; empty: none were
  int64_t first_ride = 0;
  std::string home = ".hailstorm";

  void add_to(Options& options);
  /// What is wrong with the values; empty when nothing is.
  [[nodiscard]] std::string check();
  /// Which agent's token cannot be read, and why; empty when all can.
  [[nodiscard]] std::string check_tokens() const;
  /// Which of the programs cannot be started, and why; empty when all can.
  [[nodiscard]] std::string check_programs() const;
  [[nodiscard]] PlatformSettings platform() const;
  /// Where trips that can be read only once are kept.
  [[nodiscard]] std::string trips_copy() const;
  /// Where the riders of an act write the answers that they got.
  [[nodiscard]] std::string answers_of(const std::string& act) const;

 private:
  [[nodiscard]] std::string riders_file(const std::string& name) const;
};

/// Chooses the data folder where none was given, and makes it. Gives what is wrong, empty when
/// nothing is: an existing folder must be empty, or old rides would be audited with the new ones.
[[nodiscard]] std::string make_data_folder(StorySettings& settings);

}  // namespace hailstorm::lab
