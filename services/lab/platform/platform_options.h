#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "common/base/options.h"
#include "common/base/result.h"
#include "services/lab/platform/layout.h"

namespace hailstorm::lab {

/// The options of every command that starts a platform of its own, or reaches the one in
/// containers.
///
/// Thread safety: a value.
struct PlatformOptions {
  std::string trips;       // CSV file; empty: the built-in city
  std::string trips_file;  // where all processes read it: the same file, or a copy
  int64_t seed = 1;
  std::string data;  // empty: a fresh folder under home
  int64_t base_port = registry::kBasePort;
  std::string programs;      // empty: where this program lies
  bool agents = false;       // the platform runs in containers
  std::string agent_tokens;  // folder
  std::string claims;        // file that counts the rides asked for so far; empty: none were
  std::string home = ".hailstorm";
  bool no_links = false;
  // What an experiment takes from the platform: no options. See PlatformSettings.
  std::map<std::string, std::vector<std::string>> unsafe = {};
  std::string topic_flush = "always";

  void add_to(Options& options);
  /// What is wrong with the values and with the programs; empty when nothing is.
  [[nodiscard]] std::string check();
  /// Which agent's token cannot be read, and why; empty when all can.
  [[nodiscard]] std::string check_tokens() const;
  [[nodiscard]] PlatformSettings platform() const;

 private:
  [[nodiscard]] std::string check_programs() const;
};

/// Chooses the data folder where none was given, and makes it. Gives what is wrong, empty when
/// nothing is: an existing folder must be empty, or old rides would be audited with the new ones.
[[nodiscard]] std::string make_data_folder(PlatformOptions& options);

}  // namespace hailstorm::lab
